/** What more than one plugin needs, and nothing else. */
package dev.tributary.common;
