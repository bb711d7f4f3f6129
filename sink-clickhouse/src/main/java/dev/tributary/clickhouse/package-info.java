/** The ClickHouse sink connector and its task. */
package dev.tributary.clickhouse;
