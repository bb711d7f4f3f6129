/** ClickHouse column types, and the writers that turn Connect values into RowBinary bytes. Pure. */
package dev.tributary.clickhouse.types;
