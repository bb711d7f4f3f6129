/** What errors say, and when they are tried again. */
package dev.tributary.common.error;
