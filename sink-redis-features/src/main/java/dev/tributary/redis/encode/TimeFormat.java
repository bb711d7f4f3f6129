package dev.tributary.redis.encode;

/** How points in time are written. */
public enum TimeFormat {
  /**
   * ISO 8601: {@code 2026-11-20T10:15:30.123456Z}, without the {@code Z} where the column has no
   * time zone; {@code 2026-11-20}; {@code 10:15:30}.
   */
  ISO,
  /**
   * Milliseconds since 1970-01-01 UTC, a date's at midnight UTC; a time of day's since midnight.
   */
  EPOCH_MS
}
