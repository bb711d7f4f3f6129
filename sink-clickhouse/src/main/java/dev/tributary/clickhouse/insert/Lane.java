package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.record.RowRules;
import dev.tributary.clickhouse.record.TextRows;
import dev.tributary.clickhouse.table.RowEncoder;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.common.event.ChangeEvent;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The way of records into one table: what the table looks like ({@link LaneTable}), how records
 * become its rows ({@link RowMaker}), which of them it has ({@link HeldRecords}), and what waits to
 * be done to it ({@link Backlog}).
 *
 * <p>Adding a record may ask the server (for the table, for what it holds). Whatever that throws,
 * the record has then not been added, and can be added again.
 */
final class Lane {
  private final TableName name;
  private final boolean keepRecords;
  private final Predicate<String> hasManyPartitions;
  private final LaneTable table;
  private final RowMaker rows;
  private final HeldRecords held;
  private final Optional<TextRows> texts;
  private final Backlog backlog = new Backlog();

  /**
   * @param hasManyPartitions whether the task has several partitions of a topic
   */
  Lane(
      TableName name,
      SinkConfig config,
      Tables tables,
      boolean keepRecords,
      SinkMetrics metrics,
      Predicate<String> hasManyPartitions) {
    this.name = name;
    this.keepRecords = keepRecords;
    this.hasManyPartitions = hasManyPartitions;
    this.table = new LaneTable(name, config, tables, metrics);
    this.rows = new RowMaker(config, tables, table, this::evolved);
    this.held = new HeldRecords(tables, metrics);
    this.texts = config.textFormat().map(TextRows::of);
  }

  /**
   * Adds a record.
   *
   * @throws DataException if the record can never be written
   * @throws dev.tributary.clickhouse.types.UnwritableValueException likewise
   */
  void add(SinkRecord record, TopicPartition partition, long nowNanos) {
    // only while nothing is held, as rows are made for the columns that the table had
    if (backlog.isEmpty() && table.hasChangedMeanwhile(nowNanos)) {
      rows.forget();
    }
    ChangeEvent event = read(record);
    if (!table.open(record, event)) {
      return;
    }
    RowChange change = table.rules().decide(record, event);
    if (change instanceof RowChange.Write write) {
      add(write, event, record, partition, nowNanos);
    } else if (change instanceof RowChange.Truncate truncate && table.ready(null, event)) {
      add(truncate, record, partition, nowNanos);
    }
  }

  /** A value that cannot be read is the record's fault, not ClickHouse's. */
  private ChangeEvent read(SinkRecord record) {
    try {
      return texts.isEmpty()
          ? ChangeEvent.of(record)
          : ChangeEvent.ofValue(texts.get().readIfText(record.value(), table::namesOfValues));
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      // without the message, which may quote the value
      throw new DataException("its value cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void add(
      RowChange.Write change,
      ChangeEvent event,
      SinkRecord record,
      TopicPartition partition,
      long nowNanos) {
    long offset = record.originalKafkaOffset();
    if (!table.ready(change, event)
        || (tracksOffsets() && held.contain(table.seen(), partition, offset))
        || table.wasEmptiedOf(change, partition, offset)) {
      return;
    }
    RowEncoder encoder = rows.make(change, record);
    backlog
        .collect(encoder.columns(), nowNanos)
        .add(rows.row(), partition, offset, keepRecords ? record : null);
  }

  private void add(
      RowChange.Truncate truncate, SinkRecord record, TopicPartition partition, long nowNanos) {
    if (!truncate.acrossPartitions() && hasManyPartitions.test(record.originalTopic())) {
      throw new DataException(
          "a TRUNCATE of a topic with several partitions says nothing of what came before it in"
              + " the others, as the events have no position of their own; keep such topics in one"
              + " partition, or set version.field");
    }
    backlog.add(
        new Step.Truncate(
            truncate.version(),
            truncate.acrossPartitions(),
            partition,
            record.originalKafkaOffset()),
        nowNanos);
  }

  private void evolved(Table now) {
    backlog.seal();
    if (!backlog
        .inserts()
        .filter(insert -> !insert.isForViews())
        .allMatch(insert -> now.holdsAllOf(insert.rows().columns()))) {
      throw new TableChangedException(
          this, new ConnectException("columns are narrower than the rows that are held"));
    }
    table.evolved(now);
  }

  /** Whether the table tells which records it holds. */
  boolean tracksOffsets() {
    return !rules().mirrors() && table().hasOffsets();
  }

  /** Rows of the insert that the table does not hold, as the server says now. */
  Step.Insert notHeld(Table now, Step.Insert insert) {
    return held.notHeld(now, insert);
  }

  /** Makes up for a TRUNCATE that came between, once an insert was made. */
  void emptyAnew() {
    table.emptyAnew();
  }

  /** Rows below a version were emptied out, and others like them may yet come. */
  void emptiedBelow(long version) {
    table.emptiedBelow(version);
  }

  /** Whether the table looks otherwise than it did. */
  boolean hasChanged() {
    return table.hasChanged();
  }

  /** Forgets what is known of the table. */
  void forgetTable() {
    table.forget();
    rows.forget();
    held.forgetAll();
  }

  /** Drops what waits of these partitions from an offset on; it comes again, here or elsewhere. */
  void drop(Map<TopicPartition, Long> from) {
    held.forget(from.keySet());
    if (rules() != null) {
      rules().forget(from.keySet());
    }
    backlog.drop(from);
  }

  /** What waits to be done to the table. */
  Backlog backlog() {
    return backlog;
  }

  /** Whether an insert is under way. */
  boolean isBusy() {
    return backlog.inFlight() != null;
  }

  /** Whether the insert under way has ended, well or not. */
  boolean hasAnswer() {
    return backlog.inFlight().pending().isDone();
  }

  Table table() {
    return table.seen();
  }

  RowRules rules() {
    return table.rules();
  }

  TableName name() {
    return name;
  }

  String sqlName() {
    return name.sql();
  }
}
