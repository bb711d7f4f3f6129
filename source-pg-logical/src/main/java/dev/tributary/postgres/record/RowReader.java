package dev.tributary.postgres.record;

import dev.tributary.common.event.Structs;
import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.ColumnRules;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.types.BinaryDecoders;
import dev.tributary.postgres.types.CompositeTypes;
import dev.tributary.postgres.types.EnumLabels;
import dev.tributary.postgres.types.ValueDecoder;
import dev.tributary.postgres.types.ValueType;
import dev.tributary.postgres.types.VectorTypes;
import dev.tributary.postgres.types.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the rows of one relation into Structs. Decoders are chosen once, here; a row then is one
 * pass over its columns.
 */
final class RowReader {
  private static final Logger log = LoggerFactory.getLogger(RowReader.class);

  private static final String OLDER =
      "; if it is from before its type was altered, leave the column out with column.exclude.list"
          + " until such changes are read";

  private final TableName table;
  private final Schema schema;
  private final Column[] columns; // first those that may not be NULL
  private final int needed;
  private final Column[] required;
  private final Column[] composites; // as values are read that must fit
  private final List<String> compositeNames;
  private final int width;
  private final List<String> leftOut = new ArrayList<>();
  private final Set<String> told = new HashSet<>();

  /**
   * @param position of the column in the rows
   * @param binary null if values have to come as text
   * @param absent what is written where the column is NULL: null, or a value if it may not be null
   * @param unavailable what is written where the server did not send the value
   * @param hasPlaceholder whether that says so
   * @param isShared whether a value that an update leaves alone is that of the old row
   */
  private record Column(
      int position,
      String name,
      Field field,
      ValueDecoder text,
      ValueDecoder binary,
      Object absent,
      Object unavailable,
      boolean hasPlaceholder,
      boolean isShared) {}

  /**
   * @param columns all of the relation, in the order in which rows have them
   * @param keyColumns which are read even if they are excluded
   */
  RowReader(
      String topic,
      TableName table,
      List<ColumnInfo> columns,
      List<String> keyColumns,
      Shaping shaping) {
    this.table = table;
    this.width = columns.size();
    List<Integer> positions = new ArrayList<>();
    List<ValueType> types = new ArrayList<>();
    SchemaBuilder rows = SchemaBuilder.struct().name(shaping.naming().schema(topic + ".Value"));
    for (int i = 0; i < columns.size(); i++) {
      ColumnInfo column = columns.get(i);
      if (!shaping.columns().captures(table, column.name())
          && !keyColumns.contains(column.name())) {
        continue;
      }
      ValueType type = shaping.type(column).orElse(null);
      if (type == null) {
        leftOut.add(column.name() + " (" + column.type().name() + ")");
        continue;
      }
      String field = shaping.naming().field(column.name());
      if (rows.field(field) != null) {
        throw new ConnectException(
            "columns of table "
                + table
                + " would both be the field "
                + field
                + ", one of them "
                + column.name()
                + "; set field.name.adjustment.mode to another value, or exclude one of them with"
                + " column.exclude.list");
      }
      rows.field(field, shaping.schema(table, column, type));
      positions.add(i);
      types.add(type);
    }
    if (shaping.rows() == null) {
      rows.optional();
    } else {
      RowValues.extend(rows, table, shaping.rows());
    }
    this.schema = rows.build();
    this.columns = new Column[types.size()];
    for (int i = 0; i < this.columns.length; i++) {
      int position = positions.get(i);
      ColumnInfo info = columns.get(position);
      this.columns[i] =
          column(position, info, schema.fields().get(i), types.get(i), keyColumns, shaping);
    }
    Arrays.sort(this.columns, Comparator.comparing(column -> column.field.schema().isOptional()));
    this.needed =
        (int) Arrays.stream(this.columns).filter(c -> !c.field.schema().isOptional()).count();
    this.required =
        Arrays.stream(this.columns)
            .filter(column -> columns.get(column.position).notNull())
            .toArray(Column[]::new);
    this.composites =
        Arrays.stream(this.columns)
            .filter(column -> columns.get(column.position).type().hasComposite())
            .filter(column -> !shaping.types().isRaw(columns.get(column.position).type()))
            .map(column -> strict(column, columns.get(column.position), shaping))
            .toArray(Column[]::new);
    this.compositeNames = Arrays.stream(composites).map(Column::name).toList();
  }

  /** The same column, all of whose values must fit its type, even if that is known as altered. */
  private static Column strict(Column column, ColumnInfo info, Shaping shaping) {
    ColumnInfo unaltered = info.withType(info.type().unaltered());
    Schema schema = column.field.schema();
    ValueDecoder text = shaping.type(unaltered).orElseThrow().decoder(schema);
    return new Column(
        column.position, column.name, column.field, text, null, null, null, false, false);
  }

  private Column column(
      int position,
      ColumnInfo info,
      Field field,
      ValueType type,
      List<String> keyColumns,
      Shaping shaping) {
    Schema schema = field.schema();
    Object absent = null;
    if (info.notNull()) {
      absent = schema.defaultValue() != null ? schema.defaultValue() : type.zero(schema);
    }
    ValueDecoder text = type.decoder(schema);
    ValueDecoder binary =
        shaping.types().isRaw(info.type()) // which only text will do for
            ? null
            : BinaryDecoders.of(info.type(), info.typeModifier(), schema, text).orElse(null);
    boolean hasPlaceholder = type.unavailable() != null;
    Object unavailable = hasPlaceholder ? type.unavailable() : absent;
    List<ColumnRules.Effect> effects = effects(info, keyColumns, shaping);
    if (ColumnEffects.isVain(schema, effects)) {
      log.warn(
          "Column {} of table {} is to be masked, but is no text: it is written as it is; exclude it"
              + " with column.exclude.list if it must not be seen",
          info.name(),
          table);
    }
    UnaryOperator<Object> effect = ColumnEffects.of(info, schema, effects);
    if (effect != null) {
      text = with(text, effect);
      binary = binary == null ? null : with(binary, effect);
      absent = effect.apply(absent);
      unavailable = effect.apply(unavailable);
    }
    return new Column(
        position,
        info.name(),
        Structs.unnamed(field),
        text,
        binary,
        absent,
        unavailable,
        hasPlaceholder,
        isShared(schema));
  }

  /** Masked or cut, keys would fall together: only hashes are had in them. */
  private List<ColumnRules.Effect> effects(
      ColumnInfo column, List<String> keyColumns, Shaping shaping) {
    List<ColumnRules.Effect> effects = shaping.columns().effects(table, column.name());
    if (!keyColumns.contains(column.name())) {
      return effects;
    }
    List<ColumnRules.Effect> hashes =
        effects.stream().filter(effect -> effect instanceof ColumnRules.Hash).toList();
    if (hashes.size() < effects.size()) {
      log.warn(
          "Column {} of table {} is part of the key, so that it is neither masked nor cut; hash it,"
              + " or choose another key with message.key.columns",
          column.name(),
          table);
    }
    return hashes;
  }

  private static ValueDecoder with(ValueDecoder decoder, UnaryOperator<Object> effect) {
    return (data, start, length) -> effect.apply(decoder.decode(data, start, length));
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
        names.add(column.name);
      }
    }
    return names;
  }

  /** The columns with composites in them, whose types may be altered without notice. */
  List<String> composites() {
    return compositeNames;
  }

  /**
   * Why the value of a column with composites in it does not fit what is known of their types, even
   * if they are known to be altered.
   *
   * @return null if it fits, or is not there; otherwise a {@link DataException} or an {@link
   *     UntellableValueException}
   */
  RuntimeException misfit(String name, TupleData row) {
    for (Column column : composites) {
      int at = column.position;
      if (column.name.equals(name) && at < row.size() && !row.isNull(at) && !row.isUnchanged(at)) {
        try {
          value(column, row);
        } catch (UntellableValueException | DataException e) {
          return e;
        }
      }
    }
    return null;
  }

  /**
   * Reads a row.
   *
   * <p>Connect checks each value that is put into a Struct, and all of a Struct again that is put
   * into another. So a row is put where it belongs as soon as it has what it may not lack.
   *
   * @param old where values that were not sent are taken from, if it has them; null for nowhere
   * @param oldRow the same, as it was read; values that the change left alone are shared with it
   * @param home takes the row before it is filled
   */
  Struct read(TupleData row, TupleData old, Struct oldRow, Consumer<Struct> home) {
    if (row.size() != width) {
      throw new DataException(
          "a row of table " + table + " has " + row.size() + " columns in place of " + width);
    }
    Struct struct = new Struct(schema);
    int next = 0;
    for (; next < needed; next++) {
      struct.put(columns[next].field, value(columns[next], row, old, oldRow));
    }
    home.accept(struct);
    for (; next < columns.length; next++) {
      struct.put(columns[next].field, value(columns[next], row, old, oldRow));
    }
    return struct;
  }

  private Object value(Column column, TupleData row, TupleData old, Struct oldRow) {
    int position = column.position;
    boolean hasOld = old != null && !old.isNull(position) && !old.isUnchanged(position);
    if (row.isNull(position)) {
      return column.absent;
    }
    if (row.isUnchanged(position) && !hasOld) {
      return unavailable(column);
    }
    boolean isOld =
        row.isUnchanged(position) || (hasOld && column.isShared && row.isSame(position, old));
    if (isOld && column.isShared) {
      return oldRow.get(column.field);
    }
    return value(column, isOld ? old : row);
  }

  /**
   * Whether rows can have one value between them: one that nobody can change, for which no default
   * stands in, and which it takes longer to read than to compare.
   */
  private static boolean isShared(Schema schema) {
    return schema.defaultValue() == null
        && switch (schema.type()) {
          case STRING, FLOAT32, FLOAT64 -> true;
          case BYTES -> Decimal.LOGICAL_NAME.equals(schema.name());
          default -> false;
        };
  }

  private Object unavailable(Column column) {
    if (!column.hasPlaceholder && told.add(column.name)) {
      log.warn(
          "The server does not send the values of column {} of table {} with updates that leave them"
              + " alone, and the column's type has no value to say so, so that {} is written; ALTER TABLE"
              + " {} REPLICA IDENTITY FULL has them sent",
          column.name,
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
    } catch (EnumLabels.AddedException e) {
      throw UntellableValueException.ofLabel(column.name, e.label());
    } catch (CompositeTypes.AlteredException e) {
      throw UntellableValueException.ofComposite(column.name);
    } catch (VectorTypes.LongVectorException e) {
      throw UntellableValueException.ofDimensions(column.name, e.dimensions());
    } catch (IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | java.time.DateTimeException
        | DataException e) {
      // the cause would quote the value
      throw new DataException(
          where(column)
              + " has a value that is no "
              + describe(column.field.schema())
              + (compositeNames.contains(column.name) ? OLDER : ""));
    }
    Schema schema = column.field.schema();
    if (value == null && !schema.isOptional()) {
      throw UntellableValueException.ofRequired(column.name);
    }
    if (value instanceof List<?> list
        && !schema.valueSchema().isOptional()
        && list.contains(null)) {
      throw UntellableValueException.ofElement(column.name);
    }
    return value;
  }

  private String where(Column column) {
    return "column " + column.name + " of table " + table;
  }

  private static String describe(Schema schema) {
    return schema.name() == null ? schema.type().getName() : schema.name();
  }
}
