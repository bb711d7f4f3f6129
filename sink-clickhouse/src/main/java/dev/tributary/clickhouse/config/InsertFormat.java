package dev.tributary.clickhouse.config;

/** How records that are lines of text are written. */
public enum InsertFormat {
  /** Not said; lines of text are then JSON. */
  NONE,
  JSON,
  CSV,
  TSV
}
