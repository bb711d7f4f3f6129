package dev.tributary.redis.encode;

/** What a write does to fields of the hash that the record does not have. */
public enum HashMode {
  /** They stay. */
  MERGE,
  /** They go. */
  REPLACE
}
