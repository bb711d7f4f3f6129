package dev.tributary.postgres.config;

/** When tables are read before their changes are streamed. */
public enum SnapshotMode {
  /** Once, at the first start. */
  INITIAL,
  /** Once, at the first start; changes are not streamed. */
  INITIAL_ONLY,
  /** Never. */
  NO_DATA,
  /** At the first start, and whenever changes are lost that cannot be streamed any more. */
  WHEN_NEEDED,
  /** At every start. */
  ALWAYS;

  /** The mode of a config's value; {@code never} is Debezium's older name for {@code no_data}. */
  public static SnapshotMode of(String value) {
    return value.equalsIgnoreCase("never")
        ? NO_DATA
        : valueOf(value.toUpperCase(java.util.Locale.ROOT));
  }
}
