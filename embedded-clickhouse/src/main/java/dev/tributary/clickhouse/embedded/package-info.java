/**
 * The whole ClickHouse engine in a JVM of its own, behind ClickHouse's HTTP protocol.
 *
 * <p>For the demo and for tests, where no ClickHouse server and no Docker engine is at hand: it
 * never ships in a plugin. {@link dev.tributary.clickhouse.embedded.EmbeddedClickHouse} starts it.
 *
 * <p>What a server has and this has not: sessions ({@code session_id} is ignored, every request is
 * one of its own), users other than {@code default}, {@code system.query_log}, a query's own id
 * inside the engine (so no {@code KILL QUERY} by it), Keeper and what needs it (KeeperMap,
 * replication), {@code input()}, external tables, progress headers, and queries that end when their
 * client goes away. INSERTs are always synchronous. A result is made whole in native memory before
 * its first byte is sent, so an error never comes in the middle of one.
 */
package dev.tributary.clickhouse.embedded;
