/**
 * The whole ClickHouse engine in a JVM of its own, behind ClickHouse's HTTP protocol.
 *
 * <p>For the demo and for tests, where no ClickHouse server and no Docker engine is at hand: it
 * never ships in a plugin. {@link dev.tributary.clickhouse.embedded.EmbeddedClickHouse} starts it.
 */
package dev.tributary.clickhouse.embedded;
