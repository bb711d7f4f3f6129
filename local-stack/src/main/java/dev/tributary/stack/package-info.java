/**
 * The local stack: Postgres, Redis, ClickHouse, a Kafka broker and a Connect worker on free
 * loopback ports of one machine, for the demo and for every test that needs a real system. Each
 * comes from an address given by environment variable, else from Docker, else from what the build
 * brings along.
 */
package dev.tributary.stack;
