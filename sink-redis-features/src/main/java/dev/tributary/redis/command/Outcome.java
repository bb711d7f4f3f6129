package dev.tributary.redis.command;

/** What became of a change that Redis answered without an error. */
public enum Outcome {
  /** The key is as the change wants it. */
  WRITTEN,
  /** The hash carries the version of this record or of a later one, so nothing was changed. */
  SKIPPED_AS_OLD
}
