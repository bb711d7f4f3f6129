package dev.tributary.redis.config;

/** Data types of Redis, by the names that redis-kafka-connect has for them. */
enum RedisType {
  HASH,
  STRING,
  STREAM,
  JSON,
  LIST,
  SET,
  ZSET,
  TIMESERIES,
  PUBSUB;

  boolean isSupported() {
    return this == HASH;
  }
}
