package dev.tributary.clickhouse.config;

/** How records become rows. */
public enum InsertMode {
  /** Mirror where the topic carries changes with a key, else append. */
  AUTO,
  /** Every record is a row. */
  APPEND,
  /** The newest row of a key replaces the older ones, and a delete takes it away. */
  MIRROR
}
