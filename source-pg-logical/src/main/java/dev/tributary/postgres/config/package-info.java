/** The connector's settings. */
package dev.tributary.postgres.config;
