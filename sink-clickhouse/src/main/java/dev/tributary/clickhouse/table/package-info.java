/** Tables: what they look like, how they come to be, and how rows for them are written. */
package dev.tributary.clickhouse.table;
