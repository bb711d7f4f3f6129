/** The ClickHouse sink beside ready-made bytes. */
package dev.tributary.bench.clickhouse;
