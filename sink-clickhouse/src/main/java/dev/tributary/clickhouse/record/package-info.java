/** What a record does to its table. Pure: no server, no table. */
package dev.tributary.clickhouse.record;
