package dev.tributary.postgres.config;

/** Which tables, columns and changes are captured. */
public final class FilterKeys {
  public static final String TABLE_INCLUDE = "table.include.list";
  public static final String TABLE_EXCLUDE = "table.exclude.list";
  public static final String SCHEMA_INCLUDE = "schema.include.list";
  public static final String SCHEMA_EXCLUDE = "schema.exclude.list";

  private FilterKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Tables")
        .patterns(
            TABLE_INCLUDE,
            "Included tables",
            "Regular expressions over schema.table, separated by commas; only tables that match one are captured. Empty for all.")
        .patterns(
            TABLE_EXCLUDE,
            "Excluded tables",
            "Regular expressions over schema.table, separated by commas; tables that match one are not captured. Not together with table.include.list.")
        .patterns(
            SCHEMA_INCLUDE,
            "Included schemas",
            "Regular expressions over schema names, separated by commas; only schemas that match one are captured. Empty for all.")
        .patterns(
            SCHEMA_EXCLUDE,
            "Excluded schemas",
            "Regular expressions over schema names, separated by commas; schemas that match one are not captured. Not together with schema.include.list.");
  }
}
