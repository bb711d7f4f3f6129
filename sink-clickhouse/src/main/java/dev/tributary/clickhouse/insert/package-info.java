/** Holds rows, inserts them, and knows what is written. */
package dev.tributary.clickhouse.insert;
