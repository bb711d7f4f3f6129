package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.pgoutput.TupleData;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** The records of one relation: its topic, its schemas, and how its rows become keys and values. */
public final class TableRecords {
  private final TableName table;
  private final String topic;
  private final RowReader rows;
  private final KeyReader key;
  private final Schema envelope;
  private final Field before;
  private final Field after;
  private final Field source;
  private final Field op;
  private final Field tsMs;
  private final Field tsUs;
  private final Field tsNs;

  /**
   * Chooses schemas and decoders.
   *
   * @param columns in the order in which rows have them
   * @param primaryKey in the key's order; empty for none
   * @param configuredKey what the config says instead
   */
  TableRecords(
      String topic,
      TableName table,
      List<ColumnInfo> columns,
      List<String> primaryKey,
      Optional<List<String>> configuredKey) {
    this.table = table;
    this.topic = topic;
    rows = new RowReader(topic, table, columns);
    key =
        configuredKey
            .map(names -> KeyReader.configured(topic, table, rows.schema(), names))
            .orElseGet(() -> KeyReader.of(topic, rows.schema(), primaryKey));
    envelope = Envelope.of(topic, rows.schema());
    before = envelope.field(Envelope.BEFORE);
    after = envelope.field(Envelope.AFTER);
    source = envelope.field(Envelope.SOURCE);
    op = envelope.field(Envelope.OP);
    tsMs = envelope.field(Envelope.TS_MS);
    tsUs = envelope.field(Envelope.TS_US);
    tsNs = envelope.field(Envelope.TS_NS);
  }

  public TableName table() {
    return table;
  }

  /** The columns whose type has no Connect value, as {@code name (type)}. */
  public List<String> leftOut() {
    return rows.leftOut();
  }

  /** Whether records have a column in their key. */
  public boolean hasInKey(String column) {
    return key != null && key.has(column);
  }

  String topic() {
    return topic;
  }

  Schema keySchema() {
    return key == null ? null : key.schema();
  }

  Schema valueSchema() {
    return envelope;
  }

  Struct row(TupleData row, TupleData old) {
    return rows.read(row, old);
  }

  /** Null for a table without key. */
  Struct key(Struct row) {
    return key == null ? null : key.read(row);
  }

  /**
   * The envelope of a change.
   *
   * @param nowNanos the time of processing, since 1970-01-01 UTC
   */
  Struct value(Struct oldRow, Struct newRow, Struct sourceBlock, String operation, long nowNanos) {
    Struct value = new Struct(envelope);
    value.put(before, oldRow);
    value.put(after, newRow);
    value.put(source, sourceBlock);
    value.put(op, operation);
    value.put(tsMs, nowNanos / 1_000_000);
    value.put(tsUs, nowNanos / 1_000);
    value.put(tsNs, nowNanos);
    return value;
  }
}
