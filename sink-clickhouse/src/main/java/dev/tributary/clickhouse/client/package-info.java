/** The edge to the ClickHouse server. */
package dev.tributary.clickhouse.client;
