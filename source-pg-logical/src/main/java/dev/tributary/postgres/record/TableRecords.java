package dev.tributary.postgres.record;

import dev.tributary.common.event.Structs;
import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.catalog.TypeInfo;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.types.WireFormat;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one relation: its topic, its schemas, and how its rows become keys and values.
 * Belongs to one thread.
 */
public final class TableRecords {
  private static final Logger log = LoggerFactory.getLogger(TableRecords.class);

  private final TableName table;
  private final String topic;
  private final List<String> primaryKey;
  private final Optional<List<String>> configuredKey;

  private final Shaping shaping;

  private List<ColumnInfo> columns;
  private Shape shape;

  /**
   * What the records of a change tell of where it is from.
   *
   * @param snapshot null for a change of the stream
   * @param log counts the records; null where transactions are not told of
   */
  record Origin(
      SourceBlock sources,
      TableName table,
      ChangeOrigin change,
      Lsn lsn,
      String snapshot,
      TransactionLog log) {
    /**
     * The source block of a record.
     *
     * @param home takes it before it is filled
     */
    Struct source(Consumer<Struct> home) {
      return sources.of(table, change, lsn, snapshot, home);
    }

    /** The block of the next record; null for none. */
    Struct transaction() {
      return log == null ? null : log.count(table.toString(), lsn);
    }
  }

  /**
   * The schemas, and what reads rows and keys into them.
   *
   * @param values where rows are written without an envelope; null where they have one
   */
  private record Shape(
      RowReader rows, KeyReader key, Schema envelope, Fields fields, RowValues values) {}

  private record Fields(
      Field before,
      Field after,
      Field source,
      Field transaction,
      Field op,
      Field tsMs,
      Field tsUs,
      Field tsNs) {
    static Fields of(Schema envelope) {
      return new Fields(
          field(envelope, Envelope.BEFORE),
          field(envelope, Envelope.AFTER),
          field(envelope, Envelope.SOURCE),
          field(envelope, Envelope.TRANSACTION),
          field(envelope, Envelope.OP),
          field(envelope, Envelope.TS_MS),
          field(envelope, Envelope.TS_US),
          field(envelope, Envelope.TS_NS));
    }

    private static Field field(Schema envelope, String name) {
      return Structs.unnamed(envelope.field(name));
    }
  }

  /**
   * Chooses schemas and decoders.
   *
   * @param columns in the order in which rows have them
   * @param primaryKey in the key's order; empty for none
   * @param configuredKey what the config says instead
   * @param shaping what decides on the schemas
   */
  TableRecords(
      String topic,
      TableName table,
      List<ColumnInfo> columns,
      List<String> primaryKey,
      Optional<List<String>> configuredKey,
      Shaping shaping) {
    this.table = table;
    this.topic = topic;
    this.columns = columns;
    this.shaping = shaping;
    this.primaryKey = List.copyOf(primaryKey);
    this.configuredKey = configuredKey.map(List::copyOf);
    shape = shaped();
  }

  private TableRecords(TableRecords other) {
    table = other.table;
    topic = other.topic;
    primaryKey = other.primaryKey;
    configuredKey = other.configuredKey;
    shaping = other.shaping;
    columns = other.columns;
    shape = other.shape;
  }

  /** The same for another thread, with the same schemas. */
  public TableRecords copy() {
    return new TableRecords(this);
  }

  private Shape shaped() {
    List<String> keyColumns = configuredKey.orElse(primaryKey);
    RowReader rows = new RowReader(topic, table, columns, keyColumns, shaping);
    KeyReader key =
        configuredKey.isPresent()
            ? KeyReader.configured(topic, table, rows.schema(), keyColumns, shaping.naming())
            : KeyReader.of(topic, rows.schema(), keyColumns, shaping.naming());
    if (shaping.rows() != null) {
      return new Shape(rows, key, null, null, new RowValues(rows.schema(), shaping.rows()));
    }
    Schema envelope = Envelope.of(shaping.naming().schema(topic + ".Envelope"), rows.schema());
    return new Shape(rows, key, envelope, Fields.of(envelope), null);
  }

  /**
   * A whole row is going to be read. Where it is older than a NOT NULL that the catalogue shows,
   * the column becomes optional, since what is NULL must not be written as something else.
   */
  void expect(TupleData row) {
    List<String> nulls = shape.rows().unexpectedNulls(row);
    if (nulls.isEmpty()) {
      return;
    }
    log.warn(
        "Table {} has rows with NULL in columns that are NOT NULL by now, {}; they become optional"
            + " in the schema",
        table,
        nulls);
    reshape(nulls, ColumnInfo::nullable);
  }

  private void reshape(List<String> names, UnaryOperator<ColumnInfo> change) {
    columns =
        columns.stream()
            .map(column -> names.contains(column.name()) ? change.apply(column) : column)
            .toList();
    shape = shaped();
  }

  /**
   * A row is going to be read. What is known of the types of its composites may be older than the
   * row, since the server announces no change of a type: the catalogue is asked where one does not
   * fit.
   */
  void expect(TupleData row, PresentTypes types, ChangeOrigin change) throws SQLException {
    for (String name : shape.rows().composites()) {
      expect(name, row, types, change);
    }
  }

  /** What still does not fit then is read place by place, or is an error that reading tells. */
  private void expect(String name, TupleData row, PresentTypes types, ChangeOrigin change)
      throws SQLException {
    boolean asked = false;
    RuntimeException misfit = shape.rows().misfit(name, row);
    while (misfit != null) {
      if (asked || !adopt(name, types, change)) {
        if (!(misfit instanceof UntellableValueException value)
            || (value.isOfComposite() && isAltered(name))) {
          return;
        }
        makeFit(value);
      }
      asked = true;
      misfit = shape.rows().misfit(name, row);
    }
  }

  /** Takes the type of a column as it is by now, if that is another one. */
  private boolean adopt(String name, PresentTypes types, ChangeOrigin change) throws SQLException {
    TypeInfo known = columns.get(position(name)).type();
    TypeInfo now = types.get(known.oid(), change);
    if (now.isGone() || now.equals(known.unaltered())) {
      return false;
    }
    log.info("The type of column {} of table {} was altered", name, table);
    reshape(List.of(name), info -> info.withType(now));
    return true;
  }

  private boolean isAltered(String name) {
    TypeInfo type = columns.get(position(name)).type();
    return type.equals(type.altered());
  }

  /** Makes the schema fit a value that it cannot tell; the row has to be read again. */
  void makeFit(UntellableValueException value) {
    log.warn("Column {} of table {} {}", value.column(), table, value.getMessage());
    reshape(List.of(value.column()), value::remedied);
  }

  public TableName table() {
    return table;
  }

  /** Where a column is in the rows; -1 if it is not. */
  public int position(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  /** The columns whose type has no Connect value, as {@code name (type)}. */
  public List<String> leftOut() {
    return shape.rows().leftOut();
  }

  /**
   * In which format values of the table's columns are best asked for, where one may choose; null
   * for columns that are left out.
   */
  public List<WireFormat> formats() {
    return shape.rows().formats();
  }

  /** Whether records have a column in their key. */
  public boolean hasInKey(String column) {
    return shape.key() != null && shape.key().has(column);
  }

  String topic() {
    return topic;
  }

  Schema keySchema() {
    return shape.key() == null ? null : shape.key().schema();
  }

  Schema valueSchema() {
    return shape.values() == null ? shape.envelope() : shape.values().schema();
  }

  /** That of a delete without a value, where rows are written without an envelope. */
  Schema deletedSchema() {
    return shape.values().bare();
  }

  /** What {@link #before} and {@link #after} read rows into; null where rows have no envelope. */
  Struct envelope() {
    return shape.values() == null ? new Struct(shape.envelope()) : null;
  }

  /** The row before a change. */
  Struct before(Struct envelope, TupleData row) {
    return shape.rows().read(row, null, null, read -> put(envelope, Fields::before, read));
  }

  /**
   * The row after a change.
   *
   * @param old what came of the row before; null for nothing
   * @param oldRow the same, as it was read
   */
  Struct after(Struct envelope, TupleData row, TupleData old, Struct oldRow) {
    return shape.rows().read(row, old, oldRow, read -> put(envelope, Fields::after, read));
  }

  private void put(Struct envelope, Function<Fields, Field> field, Struct row) {
    if (envelope != null) {
      envelope.put(field.apply(shape.fields()), row);
    }
  }

  /** Null for a table without key. */
  Struct key(Struct row) {
    return shape.key() == null ? null : shape.key().read(row);
  }

  /** An envelope around rows that were read for another one. */
  Struct envelope(Struct oldRow, Struct newRow) {
    Struct envelope = envelope();
    put(envelope, Fields::before, oldRow);
    put(envelope, Fields::after, newRow);
    return envelope;
  }

  /**
   * The value of a change: the envelope, or the row that it tells.
   *
   * @param envelope with the rows in it; null where they have none
   * @param origin the blocks that tell where it is from
   * @param nowNanos the time of processing, since 1970-01-01 UTC
   */
  Struct value(
      Struct envelope,
      Struct oldRow,
      Struct newRow,
      Origin origin,
      String operation,
      long nowNanos) {
    if (envelope == null) {
      Struct row = newRow == null ? oldRow : newRow;
      return shape.values().fill(row, newRow == null, origin, operation, nowNanos);
    }
    Fields fields = shape.fields();
    origin.source(block -> envelope.put(fields.source(), block));
    envelope.put(fields.transaction(), origin.transaction());
    envelope.put(fields.op(), operation);
    envelope.put(fields.tsMs(), nowNanos / 1_000_000);
    envelope.put(fields.tsUs(), nowNanos / 1_000);
    envelope.put(fields.tsNs(), nowNanos);
    return envelope;
  }
}
