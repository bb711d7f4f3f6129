/** What follows from a failure. Pure. */
package dev.tributary.clickhouse.error;
