package dev.tributary.redis.config;

/** How exactly streams are trimmed. */
enum StreamTrimming {
  APPROXIMATE,
  EXACT
}
