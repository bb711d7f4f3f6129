package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.types.BinaryDecoders;
import dev.tributary.postgres.types.Defaults;
import dev.tributary.postgres.types.ValueDecoder;
import dev.tributary.postgres.types.ValueType;
import dev.tributary.postgres.types.ValueTypes;
import dev.tributary.postgres.types.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the rows of one relation into Structs. Decoders are chosen once, here; a row then is one
 * pass over its columns.
 */
final class RowReader {
  private static final Logger log = LoggerFactory.getLogger(RowReader.class);

  private final TableName table;
  private final Schema schema;
  private final Column[] columns;
  private final Column[] required;
  private final int width;
  private final List<String> leftOut = new ArrayList<>();
  private final Set<String> told = new HashSet<>();

  /**
   * @param position of the column in the rows
   * @param binary null if values have to come as text
   * @param absent what is written where the column is NULL: null, or a value if it may not be null
   * @param unavailable what is written where the server did not send the value
   * @param hasPlaceholder whether that says so
   */
  private record Column(
      int position,
      Field field,
      ValueDecoder text,
      ValueDecoder binary,
      Object absent,
      Object unavailable,
      boolean hasPlaceholder) {}

  /**
   * @param columns all of the relation, in the order in which rows have them
   */
  RowReader(String topic, TableName table, List<ColumnInfo> columns, ValueTypes valueTypes) {
    this.table = table;
    this.width = columns.size();
    List<Integer> positions = new ArrayList<>();
    List<ValueType> types = new ArrayList<>();
    SchemaBuilder rows = SchemaBuilder.struct().name(topic + ".Value").optional();
    for (int i = 0; i < columns.size(); i++) {
      ColumnInfo column = columns.get(i);
      ValueType type = valueTypes.of(column.type(), column.typeModifier()).orElse(null);
      if (type == null) {
        leftOut.add(column.name() + " (" + column.type().name() + ")");
        continue;
      }
      rows.field(column.name(), schema(column, type));
      positions.add(i);
      types.add(type);
    }
    this.schema = rows.build();
    this.columns = new Column[types.size()];
    for (int i = 0; i < this.columns.length; i++) {
      int position = positions.get(i);
      this.columns[i] =
          column(
              position,
              columns.get(position),
              schema.fields().get(i),
              types.get(i),
              valueTypes.isRaw(columns.get(position).type()));
    }
    this.required =
        Arrays.stream(this.columns)
            .filter(column -> columns.get(column.position).notNull())
            .toArray(Column[]::new);
  }

  private static Schema schema(ColumnInfo column, ValueType type) {
    SchemaBuilder builder = type.schema().get();
    if (!column.notNull() || type.alwaysOptional()) {
      builder.optional();
    }
    Defaults.of(column, type).ifPresent(builder::defaultValue);
    return builder.build();
  }

  /**
   * @param raw whether only text will do
   */
  private static Column column(
      int position, ColumnInfo info, Field field, ValueType type, boolean raw) {
    Schema schema = field.schema();
    Object absent = null;
    if (info.notNull()) {
      absent = schema.defaultValue() != null ? schema.defaultValue() : type.zero(schema);
    }
    boolean hasPlaceholder = type.unavailable() != null;
    ValueDecoder text = type.decoder(schema);
    return new Column(
        position,
        field,
        text,
        raw ? null : BinaryDecoders.of(info.type(), info.typeModifier(), schema, text).orElse(null),
        absent,
        hasPlaceholder ? type.unavailable() : absent,
        hasPlaceholder);
  }

  Schema schema() {
    return schema;
  }

  /** In which format values of the relation's columns are best asked for; null if not at all. */
  List<WireFormat> formats() {
    WireFormat[] formats = new WireFormat[width];
    for (Column column : columns) {
      formats[column.position] = column.binary == null ? WireFormat.TEXT : WireFormat.BINARY;
    }
    return Arrays.asList(formats);
  }

  /** The columns whose type has no Connect value, as {@code name (type)}. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /**
   * The columns that a whole row has as NULL though they may not be NULL: the row is older than the
   * NOT NULL that the catalogue shows.
   */
  List<String> unexpectedNulls(TupleData row) {
    List<String> names = List.of();
    for (Column column : required) {
      if (column.position < row.size() && row.isNull(column.position)) {
        names = new ArrayList<>(names);
        names.add(column.field.name());
      }
    }
    return names;
  }

  /**
   * Reads a row.
   *
   * @param old where values that were not sent are taken from, if it has them; null for nowhere
   */
  Struct read(TupleData row, TupleData old) {
    if (row.size() != width) {
      throw new DataException(
          "a row of table " + table + " has " + row.size() + " columns in place of " + width);
    }
    Struct struct = new Struct(schema);
    for (Column column : columns) {
      TupleData from = row;
      if (row.isUnchanged(column.position)) {
        if (old == null || old.isNull(column.position) || old.isUnchanged(column.position)) {
          struct.put(column.field, unavailable(column));
          continue;
        }
        from = old;
      }
      struct.put(column.field, from.isNull(column.position) ? column.absent : value(column, from));
    }
    return struct;
  }

  private Object unavailable(Column column) {
    if (!column.hasPlaceholder && told.add(column.field.name())) {
      log.warn(
          "The server does not send the values of column {} of table {} with updates that leave them"
              + " alone, and the column's type has no value to say so, so that {} is written; ALTER TABLE"
              + " {} REPLICA IDENTITY FULL has them sent",
          column.field.name(),
          table,
          column.unavailable == null ? "NULL" : "a default",
          table.quoted());
    }
    return column.unavailable;
  }

  private Object value(Column column, TupleData row) {
    int position = column.position;
    ValueDecoder decoder = row.isBinary(position) ? column.binary : column.text;
    if (decoder == null) {
      throw new DataException(where(column) + " came in binary, which was not asked for");
    }
    Object value;
    try {
      value = decoder.decode(row.bytes(), row.start(position), row.length(position));
    } catch (IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | java.time.DateTimeException e) {
      // the cause would quote the value
      throw new DataException(
          where(column) + " has a value that is no " + describe(column.field.schema()));
    }
    if (value == null && !column.field.schema().isOptional()) {
      throw new UntellableValueException(column.field.name());
    }
    return value;
  }

  /** A value of a column that may not be NULL has no counterpart in the column's schema: NaN. */
  static final class UntellableValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String column;

    UntellableValueException(String column) {
      super("column " + column + " has a value that its schema cannot tell", null, false, false);
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  private String where(Column column) {
    return "column " + column.field.name() + " of table " + table;
  }

  private static String describe(Schema schema) {
    return schema.name() == null ? schema.type().getName() : schema.name();
  }
}
