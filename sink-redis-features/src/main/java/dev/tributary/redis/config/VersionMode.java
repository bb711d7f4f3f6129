package dev.tributary.redis.config;

/** What tells an older record from a newer one. */
enum VersionMode {
  /** Its position in the log. */
  POSITION,
  /** A number that it carries. */
  FIELD,
  /** Nothing: every record is written as it comes. */
  NONE
}
