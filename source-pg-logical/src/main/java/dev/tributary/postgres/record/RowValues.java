package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.AddedField;
import dev.tributary.postgres.config.RowFormat;
import dev.tributary.postgres.record.TableRecords.Origin;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Rows as values of their own, without an envelope: rows are read into Structs that have room for
 * what of the change event is added, and this fills it in. What is added where is worked out once
 * for each schema.
 */
final class RowValues {
  private final Schema schema;
  private final Schema bare;
  private final Field deleted; // null where rows do not tell
  private final Added[] added;
  private final boolean tellsSource;

  /**
   * @param to where it goes
   * @param from where it is, in its block; null for a field of the event itself
   */
  private record Added(AddedField field, Field to, Field from) {}

  /**
   * @param schema of rows, {@link #extend extended}
   */
  RowValues(Schema schema, RowFormat format) {
    this.schema = schema;
    deleted = format.deletes().rewrites() ? schema.field(RowFormat.DELETED) : null;
    added =
        format.added().stream()
            .map(field -> new Added(field, schema.field(field.name()), source(field)))
            .toArray(Added[]::new);
    tellsSource = format.added().stream().anyMatch(field -> field.home() == AddedField.Home.SOURCE);
    int columns = schema.fields().size() - added.length - (deleted == null ? 0 : 1);
    SchemaBuilder row = SchemaBuilder.struct().name(schema.name()).optional();
    schema.fields().subList(0, columns).forEach(field -> row.field(field.name(), field.schema()));
    bare = row.build();
  }

  private static Field source(AddedField field) {
    return switch (field.home()) {
      case EVENT -> null;
      case SOURCE -> Envelope.SOURCE_SCHEMA.field(field.field());
      case TRANSACTION -> Envelope.TRANSACTION_SCHEMA.field(field.field());
    };
  }

  /** Gives the schema of a table's rows room for what is added. */
  static void extend(SchemaBuilder rows, TableName table, RowFormat format) {
    if (format.deletes().rewrites()) {
      add(rows, table, RowFormat.DELETED, Schema.OPTIONAL_STRING_SCHEMA);
    }
    for (AddedField field : format.added()) {
      Field from = source(field);
      Schema schema =
          from != null
              ? optional(from.schema())
              : field.field().equals(Envelope.OP)
                  ? Schema.OPTIONAL_STRING_SCHEMA
                  : Schema.OPTIONAL_INT64_SCHEMA;
      add(rows, table, field.name(), schema);
    }
  }

  private static void add(SchemaBuilder rows, TableName table, String name, Schema schema) {
    if (rows.field(name) != null) {
      throw new ConnectException(
          "table "
              + table
              + " has a column "
              + name
              + ", which is also to be added to its rows; set add.fields.prefix, give the field"
              + " another name in add.fields, or exclude the column");
    }
    rows.field(name, schema);
  }

  /** Without the default that the block has. */
  private static Schema optional(Schema schema) {
    SchemaBuilder optional =
        new SchemaBuilder(schema.type()).name(schema.name()).version(schema.version()).optional();
    if (schema.parameters() != null) {
      optional.parameters(schema.parameters());
    }
    return optional.build();
  }

  Schema schema() {
    return schema;
  }

  /** That of a row to which nothing is added, for a delete without one. */
  Schema bare() {
    return bare;
  }

  /**
   * Fills in what is added to a row.
   *
   * @param isDeleted whether it is the old row of a delete
   * @param nowNanos the time of processing, since 1970-01-01 UTC
   */
  Struct fill(Struct row, boolean isDeleted, Origin origin, String operation, long nowNanos) {
    Struct transaction = origin.transaction();
    Struct source = tellsSource ? origin.source(block -> {}) : null;
    if (deleted != null) {
      row.put(deleted, Boolean.toString(isDeleted));
    }
    for (Added each : added) {
      row.put(
          each.to(),
          switch (each.field().home()) {
            case EVENT -> event(each.field().field(), operation, nowNanos);
            case SOURCE -> value(source, each.from());
            case TRANSACTION -> value(transaction, each.from());
          });
    }
    return row;
  }

  private static Object event(String field, String operation, long nowNanos) {
    return switch (field) {
      case Envelope.OP -> operation;
      case Envelope.TS_MS -> nowNanos / 1_000_000;
      case Envelope.TS_US -> nowNanos / 1_000;
      default -> nowNanos;
    };
  }

  private static Object value(Struct block, Field field) {
    return block == null ? null : block.getWithoutDefault(field.name());
  }

  /** Changes the marker in a row of a snapshot, if it is there. */
  static void mark(Struct row, String marker, List<AddedField> fields) {
    for (AddedField field : fields) {
      if (field.home() == AddedField.Home.SOURCE && field.field().equals("snapshot")) {
        row.put(field.name(), marker);
      }
    }
  }
}
