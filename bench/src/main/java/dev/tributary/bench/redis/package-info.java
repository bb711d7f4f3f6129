/** The Redis sink beside redis-benchmark. */
package dev.tributary.bench.redis;
