package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Which tables, columns and changes are captured. */
public final class FilterKeys {
  public static final String TABLE_INCLUDE = "table.include.list";
  public static final String TABLE_EXCLUDE = "table.exclude.list";
  public static final String SCHEMA_INCLUDE = "schema.include.list";
  public static final String SCHEMA_EXCLUDE = "schema.exclude.list";
  public static final String COLUMN_INCLUDE = "column.include.list";
  public static final String COLUMN_EXCLUDE = "column.exclude.list";
  public static final String COLUMN_SOURCE_TYPES = "column.propagate.source.type";
  public static final String TYPE_SOURCE_TYPES = "datatype.propagate.source.type";
  public static final String MESSAGE_INCLUDE = "message.prefix.include.list";
  public static final String MESSAGE_EXCLUDE = "message.prefix.exclude.list";
  public static final String SKIPPED_OPERATIONS = "skipped.operations";
  public static final String SKIP_UNCHANGED = "skip.messages.without.change";

  private static final Set<String> OPERATIONS = Set.of("c", "u", "d", "t", "none");

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
            "Regular expressions over schema names, separated by commas; schemas that match one are not captured. Not together with schema.include.list.")
        .patterns(
            COLUMN_INCLUDE,
            "Included columns",
            "Regular expressions over schema.table.column, separated by commas; only columns that match one are in the records. Keys keep their columns. Empty for all.")
        .patterns(
            COLUMN_EXCLUDE,
            "Excluded columns",
            "Regular expressions over schema.table.column, separated by commas; columns that match one are not in the records. Not together with column.include.list.")
        .patterns(
            COLUMN_SOURCE_TYPES,
            "Columns with source type",
            "Regular expressions over schema.table.column; the schemas of columns that match one have the server's type, length and scale as parameters (__debezium.source.column.*).")
        .patterns(
            TYPE_SOURCE_TYPES,
            "Types with source type",
            "The same by regular expressions over schema.table.type.")
        .patterns(
            MESSAGE_INCLUDE,
            "Included messages",
            "Regular expressions over the prefixes of logical messages (pg_logical_emit_message); only those that match one are written. Empty for all.")
        .patterns(
            MESSAGE_EXCLUDE,
            "Excluded messages",
            "Regular expressions over the prefixes of logical messages; those that match one are not written. Not together with message.prefix.include.list.")
        .choice(
            SKIPPED_OPERATIONS,
            ConfigDef.Type.LIST,
            List.of("t"),
            Validators.of("c, u, d, t, separated by commas, or none", FilterKeys::operations),
            "Skipped operations",
            "Changes that are not written: c inserts, u updates, d deletes, t truncates; none for every change to be written.",
            List.of("c", "u", "d", "t", "none"))
        .flag(
            SKIP_UNCHANGED,
            false,
            "Skip messages without change",
            "Whether updates that change no captured column are left out. Needs REPLICA IDENTITY FULL to see it.");
  }

  private static void operations(String name, Object value) {
    for (Object operation : (List<?>) value) {
      if (!OPERATIONS.contains(operation.toString().strip())) {
        throw new ConfigException(name, operation, "must be c, u, d, t or none");
      }
    }
  }
}
