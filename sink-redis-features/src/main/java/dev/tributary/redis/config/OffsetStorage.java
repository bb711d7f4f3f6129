package dev.tributary.redis.config;

/** Where the sink keeps how far it has come. */
enum OffsetStorage {
  /** In Redis, along with the data. */
  REDIS,
  /** Where Connect keeps it. */
  KAFKA
}
