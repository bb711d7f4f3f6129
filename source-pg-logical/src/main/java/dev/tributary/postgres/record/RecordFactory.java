package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.RowFormat;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Delete;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Insert;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.RowChange;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.record.TableRecords.Origin;
import dev.tributary.postgres.types.ValueTypes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Makes the records of changes, as Debezium writes them. Thread-safe; the {@link TableRecords} it
 * is given belong to the thread.
 */
public final class RecordFactory {
  private static final TableName NO_TABLE = new TableName("", "");

  private final RecordSettings settings;
  private final InstantSource clock;
  private final Shaping shaping;
  private final Topics topics;
  private final SourceBlock sources;
  private final LogicalMessages messages;
  private final ContextHeaders headers;
  private final Map<String, String> partition;

  /**
   * The offsets of a change's records.
   *
   * @param before makes that of all but the last one, if there are any: a restart makes them again
   * @param after of the last one
   */
  public record ChangeOffsets(Supplier<Map<String, Object>> before, Map<String, Object> after) {}

  public RecordFactory(RecordSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    ValueTypes types = new ValueTypes(settings.types());
    shaping = new Shaping(types, settings.columns(), settings.naming(), settings.rows());
    messages = new LogicalMessages(types);
    topics = new Topics(settings.naming());
    sources = new SourceBlock(settings.version(), settings.naming().prefix(), settings.database());
    headers =
        settings.runId() == null
            ? ContextHeaders.none()
            : ContextHeaders.of(settings.naming().prefix(), settings.runId());
    partition = partition(settings.naming().prefix());
  }

  /** Which changes are written. */
  Operations operations() {
    return settings.operations();
  }

  /** The time of processing. */
  InstantSource clock() {
    return clock;
  }

  /** Whether transactions are told of. */
  boolean tellsTransactions() {
    return settings.transactions();
  }

  /** The source partition under which Connect keeps the offsets. */
  public static Map<String, String> partition(String prefix) {
    return Map.of("server", prefix);
  }

  /**
   * How a table's rows become records.
   *
   * @param columns in the order in which rows have them
   * @param primaryKey in the key's order; empty for none
   */
  public TableRecords table(TableName table, List<ColumnInfo> columns, List<String> primaryKey) {
    return new TableRecords(
        topics.of(table), table, columns, primaryKey, settings.keys().of(table), shaping);
  }

  /**
   * The records of one change of the stream, in order.
   *
   * @param transactions counts them; null where transactions are not told of
   */
  void change(
      TableRecords table,
      RowChange change,
      ChangeOrigin origin,
      Lsn lsn,
      TransactionLog transactions,
      ChangeOffsets offsets,
      Consumer<SourceRecord> out) {
    Origin source = origin(table, origin, lsn, transactions);
    expectRows(table, change);
    while (true) {
      try {
        change(table, change, source, offsets, out);
        return;
      } catch (UntellableValueException e) {
        table.makeFit(e);
      }
    }
  }

  private Origin origin(
      TableRecords table, ChangeOrigin origin, Lsn lsn, TransactionLog transactions) {
    return new Origin(sources, table.table(), origin, lsn, null, transactions);
  }

  /** All rows and keys are read before the first record is handed on. */
  private void change(
      TableRecords table,
      RowChange change,
      Origin source,
      ChangeOffsets offsets,
      Consumer<SourceRecord> out) {
    if (change instanceof Insert insert) {
      Struct envelope = table.envelope();
      Struct row = table.after(envelope, insert.row(), null, null);
      ConnectHeaders context = headers.headers();
      out.accept(record(table, envelope, null, row, source, "c", offsets.after(), context));
    } else if (change instanceof Delete delete) {
      Struct envelope = table.envelope();
      Struct row = table.before(envelope, delete.old());
      delete(table, envelope, row, source, offsets, null, out);
    } else if (change instanceof Update update) {
      update(table, update, source, offsets, out);
    }
  }

  private static void expectRows(TableRecords table, RowChange change) {
    if (change instanceof Insert insert) {
      table.expect(insert.row());
    } else if (change instanceof Update update) {
      table.expect(update.row());
      if (update.old() != null && !update.oldIsKey()) {
        table.expect(update.old());
      }
    } else if (change instanceof Delete delete && !delete.oldIsKey()) {
      table.expect(delete.old());
    }
  }

  private void update(
      TableRecords table,
      Update update,
      Origin source,
      ChangeOffsets offsets,
      Consumer<SourceRecord> out) {
    Struct envelope = table.envelope();
    Struct old = update.old() == null ? null : table.before(envelope, update.old());
    Struct row = table.after(envelope, update.row(), update.old(), old); // a key's rest is NULL
    Struct oldKey = old == null ? null : table.key(old);
    Struct newKey = table.key(row);
    if (!settings.operations().unchanged() && !update.oldIsKey() && row.equals(old)) {
      return;
    }
    if (oldKey == null || oldKey.equals(newKey)) {
      if (!settings.operations().updates()) {
        return;
      }
      ConnectHeaders context = headers.headers();
      out.accept(record(table, envelope, old, row, source, "u", offsets.after(), context));
      return;
    }
    ChangeOffsets unfinished = new ChangeOffsets(offsets.before(), offsets.before().get());
    delete(table, table.envelope(old, null), old, source, unfinished, newKey, out);
    ConnectHeaders withOldKey = headers.headers("__debezium.oldkey", oldKey);
    Struct created = table.envelope(null, row);
    out.accept(record(table, created, null, row, source, "c", offsets.after(), withOldKey));
  }

  private void delete(
      TableRecords table,
      Struct envelope,
      Struct row,
      Origin source,
      ChangeOffsets offsets,
      Struct newKey,
      Consumer<SourceRecord> out) {
    RowFormat.Deletes deletes = settings.rows() == null ? null : settings.rows().deletes();
    if (deletes == null || deletes.rewrites()) {
      boolean tombstone = settings.tombstones() && deletes != RowFormat.Deletes.REWRITE;
      Map<String, ?> offset = tombstone ? offsets.before().get() : offsets.after();
      out.accept(record(table, envelope, row, null, source, "d", offset, deleteHeaders(newKey)));
      if (tombstone) {
        out.accept(withoutValue(table, row, null, offsets, newKey));
      }
      return;
    }
    source.transaction(); // it counts, whatever is written of it
    if (deletes != RowFormat.Deletes.DROP) {
      Schema schema = deletes == RowFormat.Deletes.TOMBSTONE ? table.deletedSchema() : null;
      out.accept(withoutValue(table, row, schema, offsets, newKey));
    }
  }

  private SourceRecord withoutValue(
      TableRecords table, Struct row, Schema schema, ChangeOffsets offsets, Struct newKey) {
    return new SourceRecord(
        partition,
        offsets.after(),
        table.topic(),
        null,
        table.keySchema(),
        table.key(row),
        schema,
        null,
        null,
        deleteHeaders(newKey));
  }

  private ConnectHeaders deleteHeaders(Struct newKey) {
    return newKey == null ? headers.headers() : headers.headers("__debezium.newkey", newKey);
  }

  /**
   * The record of a row of a snapshot.
   *
   * @param marker as in {@code source.snapshot}
   */
  public SourceRecord snapshot(
      TableRecords table,
      TupleData tuple,
      ChangeOrigin origin,
      Lsn lsn,
      String marker,
      Map<String, ?> offset) {
    table.expect(tuple);
    Origin source = new Origin(sources, table.table(), origin, lsn, marker, null);
    while (true) {
      try {
        Struct envelope = table.envelope();
        Struct row = table.after(envelope, tuple, null, null);
        return record(table, envelope, null, row, source, "r", offset, headers.headers());
      } catch (UntellableValueException e) {
        table.makeFit(e);
      }
    }
  }

  /** Changes the marker of a record of a snapshot that nobody else has seen yet. */
  public void mark(SourceRecord record, String marker) {
    Struct value = (Struct) record.value();
    if (settings.rows() == null) {
      value.getStruct(Envelope.SOURCE).put("snapshot", marker);
    } else {
      RowValues.mark(value, marker, settings.rows().added());
    }
  }

  private long nanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private SourceRecord record(
      TableRecords table,
      Struct envelope,
      Struct old,
      Struct row,
      Origin source,
      String operation,
      Map<String, ?> offset,
      ConnectHeaders withHeaders) {
    return new SourceRecord(
        partition,
        offset,
        table.topic(),
        null,
        table.keySchema(),
        table.key(row == null ? old : row),
        table.valueSchema(),
        table.value(envelope, old, row, source, operation, nanos()),
        null,
        withHeaders);
  }

  /** The record of a table that was emptied. */
  SourceRecord truncate(
      TableRecords table,
      ChangeOrigin origin,
      Lsn lsn,
      TransactionLog transactions,
      Map<String, ?> offset) {
    Origin source = origin(table, origin, lsn, transactions);
    return new SourceRecord(
        partition,
        offset,
        table.topic(),
        null,
        null,
        null,
        table.valueSchema(),
        table.value(table.envelope(), null, null, source, "t", nanos()),
        null,
        headers.headers());
  }

  /**
   * The record of a begin or an end of a transaction.
   *
   * @param value of {@link TransactionLog#VALUE}
   */
  SourceRecord transaction(Struct value, Map<String, ?> offset) {
    return new SourceRecord(
        partition,
        offset,
        topics.transactions(),
        null,
        TransactionLog.KEY,
        new Struct(TransactionLog.KEY).put("id", value.get("id")),
        TransactionLog.VALUE,
        value,
        null,
        new ConnectHeaders());
  }

  /**
   * The record of a logical message.
   *
   * @param transactions counts them; null where transactions are not told of
   */
  SourceRecord message(
      Message message,
      ChangeOrigin origin,
      Lsn lsn,
      TransactionLog transactions,
      Map<String, ?> offset) {
    Struct value =
        messages.value(
            message,
            sources.of(NO_TABLE, origin, lsn, null, block -> {}),
            transactions == null ? null : transactions.count("message", lsn),
            clock.millis());
    return new SourceRecord(
        partition,
        offset,
        topics.messages(),
        null,
        LogicalMessages.KEY,
        messages.key(message),
        messages.valueSchema(),
        value,
        null,
        new ConnectHeaders());
  }

  /** A record that carries nothing but a position. */
  public SourceRecord heartbeat(Map<String, ?> offset) {
    return new SourceRecord(
        partition,
        offset,
        settings.heartbeatTopic(),
        0,
        Heartbeats.KEY,
        new Struct(Heartbeats.KEY).put("serverName", settings.naming().prefix()),
        Heartbeats.VALUE,
        new Struct(Heartbeats.VALUE).put(Envelope.TS_MS, clock.millis()),
        null,
        new ConnectHeaders());
  }
}
