package dev.tributary.clickhouse.config;

/** What happens to a record's field that its table has no column for. */
public enum ExtraFields {
  /** The record is rejected. */
  FAIL,
  /** The field is left out. */
  IGNORE,
  /** The field goes into one column with all others of its kind, as JSON. */
  JSON
}
