package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.config.ExtraFields;
import dev.tributary.clickhouse.config.InsertMode;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.record.AppendRules;
import dev.tributary.clickhouse.record.MirrorRules;
import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.record.RowRules;
import dev.tributary.clickhouse.record.Versions;
import dev.tributary.clickhouse.table.RowEncoder;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.types.RowBinary;
import dev.tributary.clickhouse.types.Sql;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.common.event.ChangeEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of records into one table: what the table looks like, how records become its rows, and
 * the rows that wait to be inserted.
 *
 * <p>Adding a record may ask the server (for the table, for what it holds). Whatever that throws,
 * the record has then not been added, and can be added again.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final TableName name;
  private final String sqlName;
  private final SinkConfig config;
  private final Tables tables;
  private final boolean keepRecords;
  private final SinkMetrics metrics;
  private final Predicate<String> hasManyPartitions;
  private final EncoderCache encoders = new EncoderCache();
  private final RowBinary row = new RowBinary();
  private final Map<TopicPartition, Held> held = new HashMap<>();
  private final Deque<Step> steps = new ArrayDeque<>();

  private Table table;
  private RowRules rules;
  private Rows open;
  private RowEncoder.Rules cellRules;
  private InFlight inFlight;
  private long oldestNanos;
  private long lookedNanos;
  private long emptiedBelow;
  private boolean heedsEmptied;
  private boolean toldEmptied;
  private boolean toldMissing;

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
    this.metrics = metrics;
    this.hasManyPartitions = hasManyPartitions;
    this.name = name;
    this.sqlName = name.sql();
    this.config = config;
    this.tables = tables;
    this.keepRecords = keepRecords;
  }

  /**
   * Adds a record.
   *
   * @throws DataException if the record can never be written
   * @throws dev.tributary.clickhouse.types.UnwritableValueException likewise
   */
  void add(SinkRecord record, TopicPartition partition, long nowNanos) {
    ChangeEvent event = read(record);
    lookAnewIfDue(nowNanos);
    if (rules == null && !open(record, event)) {
      return;
    }
    RowChange change = rules.decide(record, event);
    if (change instanceof RowChange.Write write) {
      add(write, event, record, partition, nowNanos);
    } else if (change instanceof RowChange.Truncate truncate && ready(null, event)) {
      if (!truncate.acrossPartitions() && hasManyPartitions.test(record.originalTopic())) {
        throw new DataException(
            "a TRUNCATE of a topic with several partitions says nothing of what came before it in"
                + " the others, as the events have no position of their own; keep such topics in one"
                + " partition, or set version.field");
      }
      startClock(nowNanos);
      seal();
      steps.add(
          new Step.Truncate(
              truncate.version(),
              truncate.acrossPartitions(),
              partition,
              record.originalKafkaOffset()));
    }
  }

  /** Only while nothing is held, as rows are made for the columns that the table had. */
  private void lookAnewIfDue(long nowNanos) {
    long after = config.refreshAfter().toNanos();
    if (after > 0 && table != null && isEmpty() && nowNanos - lookedNanos >= after) {
      lookedNanos = nowNanos;
      if (hasChanged()) {
        table = null;
        encoders.clear();
      }
    }
  }

  /** A value that cannot be read is the record's fault, not ClickHouse's. */
  private static ChangeEvent read(SinkRecord record) {
    try {
      return ChangeEvent.of(record);
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
    if (!ready(change, event) || isHeld(partition, record.originalKafkaOffset())) {
      return;
    }
    if (rules.mirrors() && change.version() < emptiedBelow) {
      tellEmptied(partition, record.originalKafkaOffset());
      return;
    }
    RowEncoder encoder = encode(change, record);
    if (open != null && open.columns() != encoder.columns()) {
      seal();
    }
    if (open == null) {
      startClock(nowNanos);
      open = new Rows(encoder.columns());
    }
    open.add(row, partition, record.originalKafkaOffset(), keepRecords ? record : null);
  }

  private void tellEmptied(TopicPartition partition, long offset) {
    if (!toldEmptied) {
      toldEmptied = true;
      LOG.warn(
          "Rows of topic '{}', partition {}, from offset {} on are passed over, as a TRUNCATE that"
              + " came after them in the source has emptied table {} already. Where the source's log"
              + " begins anew (another server), remove the comment of column {} and restart the"
              + " connector",
          partition.topic(),
          partition.partition(),
          offset,
          sqlName,
          Sql.name("_version"));
    }
  }

  private RowEncoder encode(RowChange.Write change, SinkRecord record) {
    RowEncoder encoder = encoders.find(table, change);
    if (encoder == null) {
      encoder = newEncoder(change);
    }
    if (change.row() instanceof Map<?, ?> map) {
      refuseExtra(map.keySet());
    }
    row.clear();
    try {
      encoder.encode(row, change, record);
      return encoder;
    } catch (UnwritableValueException e) {
      if (!widen(change, e.column())) {
        throw e;
      }
    }
    // a column that is wide enough now
    row.clear();
    encoder = encoders.find(table, change);
    if (encoder == null) {
      encoder = newEncoder(change);
    }
    encoder.encode(row, change, record);
    return encoder;
  }

  /** Widens the column that a value did not fit, as far as the field's schema calls for it. */
  private boolean widen(RowChange.Write change, String column) {
    if (!config.autoEvolve() || column == null) {
      return false;
    }
    Optional<Schema> field = tables.fieldOf(table, change, rules.mirrors(), column);
    Optional<Table> wider = field.flatMap(schema -> tables.widen(table, column, schema));
    wider.ifPresent(this::evolved);
    return wider.isPresent();
  }

  private void evolved(Table now) {
    seal();
    for (Step step : steps) {
      if (step instanceof Step.Insert insert && !now.holdsAllOf(insert.rows().columns())) {
        throw new TableChangedException(
            this, new ConnectException("columns are narrower than the rows that are held"));
      }
    }
    table = now;
    encoders.clear();
  }

  /** Works out what the lane is; false where the record does not tell and says nothing either. */
  private boolean open(SinkRecord record, ChangeEvent event) {
    if (table == null) {
      table = tables.find(name).orElse(null);
    }
    boolean mirror;
    if (config.insertMode() != InsertMode.AUTO) {
      mirror = config.insertMode() == InsertMode.MIRROR;
    } else if (table != null) {
      mirror = table.hasVersion();
    } else if (event.form() == ChangeEvent.Form.TOMBSTONE) {
      return false;
    } else {
      mirror = event.form() != ChangeEvent.Form.PLAIN && record.key() != null;
    }
    rules =
        mirror
            ? new MirrorRules(
                new Versions(config.versionField(), this::lastSnapshotVersion), config.orderBy())
            : new AppendRules();
    cellRules = RowEncoder.Rules.of(config, mirror);
    if (mirror && table != null) {
      tables.createView(name);
    }
    return true;
  }

  /** Sees to it that there is a table; false where there is none and nothing to make it from. */
  private boolean ready(RowChange.Write change, ChangeEvent event) {
    if (table == null) {
      table = tables.find(name).orElse(null);
    }
    if (table == null) {
      if (change == null || change.row() == null) {
        return false;
      }
      if (!config.autoCreate() && config.skipMissingTables()) {
        skipMissing();
        return false;
      }
      if (!config.autoCreate()) {
        throw new ConnectException(
            "Table "
                + sqlName
                + " does not exist and auto.create is false; create the table or set auto.create"
                + " to true");
      }
      if (!(change.row() instanceof Struct)) {
        throw new ConnectException(
            "Table "
                + sqlName
                + " does not exist, and the records have no schema to create it from; create the"
                + " table, or set a converter with schemas");
      }
      boolean operations = event.form() == ChangeEvent.Form.ENVELOPE;
      table = tables.create(name, change, rules.mirrors(), operations);
    }
    if (rules.mirrors() && !(table.hasVersion() && table.hasDeleted())) {
      throw new ConnectException(
          "Table "
              + sqlName
              + " cannot be mirrored to: it has no columns _version UInt64 and _deleted UInt8; add"
              + " them (engine ReplacingMergeTree(_version, _deleted)), or set insert.mode to"
              + " append");
    }
    if (rules.mirrors() && !heedsEmptied) {
      heedEmptied();
    }
    return true;
  }

  /** Heeds a TRUNCATE of earlier or elsewhere; what came in after it from before is taken out. */
  private void heedEmptied() {
    long below = tables.emptiedBelow(table);
    if (below > 0 && tables.holdsBelow(table, below)) {
      tables.truncate(table, below);
    }
    emptiedBelow(below);
    heedsEmptied = true;
  }

  /**
   * After an insert: if a TRUNCATE that another task read has emptied the table meanwhile, it may
   * have done so before these rows came.
   */
  void emptyAnew() {
    if (rules.mirrors() && table.hasVersion()) {
      long below = tables.emptiedBelow(table);
      if (below > emptiedBelow) {
        tables.truncate(table, below);
        emptiedBelow(below);
      }
    }
  }

  private void skipMissing() {
    metrics.skipped();
    if (!toldMissing) {
      toldMissing = true;
      LOG.warn(
          "Table {} does not exist; its topic's records are skipped, as"
              + " suppressTableExistenceException says",
          sqlName);
    }
  }

  private RowEncoder newEncoder(RowChange.Write change) {
    Map<String, Schema> missing = Tables.missing(table, change, rules.mirrors());
    boolean addsColumns = config.autoEvolve() && config.extraFields() != ExtraFields.JSON;
    if (!missing.isEmpty() && addsColumns) {
      evolved(tables.evolve(table, missing));
      missing = Tables.missing(table, change, rules.mirrors());
    }
    refuseExtra(missing.keySet());
    if (config.autoEvolve()) {
      for (Map.Entry<String, Schema> column :
          Tables.rounding(table, change, rules.mirrors()).entrySet()) {
        tables.widen(table, column.getKey(), column.getValue()).ifPresent(this::evolved);
      }
    }
    return encoders.put(table, change, RowEncoder.of(table, change, cellRules));
  }

  private void refuseExtra(Collection<?> fields) {
    if (config.extraFields() == ExtraFields.IGNORE) {
      return;
    }
    if (config.extraFields() == ExtraFields.JSON) {
      if (table.columnOf(config.extraColumn()).isEmpty()) {
        throw new ConnectException(
            "Table "
                + sqlName
                + " has no column "
                + Sql.name(config.extraColumn())
                + " for the fields without a column (extra.fields=json); add it, of type JSON or"
                + " String, or set 'extra.column'");
      }
      return;
    }
    for (Object field : fields) {
      if (!table.takes(field.toString())) {
        throw new DataException(
            "it has no column "
                + Sql.name(field.toString())
                + "; add the column, or set extra.fields to ignore");
      }
    }
  }

  /** Whether the table holds the record already; asked once per partition and assignment. */
  private boolean isHeld(TopicPartition partition, long offset) {
    if (!tracksOffsets()) {
      return false;
    }
    Held known = held.get(partition);
    if (known != null) {
      boolean there = known.contains(offset);
      if (there) {
        metrics.duplicate();
      }
      return there;
    }
    Held asked = Held.ask(tables, table, partition);
    boolean first = asked.contains(offset);
    held.put(partition, asked);
    if (first) {
      metrics.duplicate();
      LOG.warn(
          "Table {} holds records of topic '{}', partition {} up to offset {} already, also that at"
              + " offset {}; what it holds is passed over. That is as it should be after a crash."
              + " If the topic was made anew, or is to be written again on purpose, its records"
              + " would be missing: stop the connector, delete the topic's old rows (ALTER TABLE {}"
              + " DELETE WHERE _topic = '{}') or set another table, and start from the first offset",
          sqlName,
          partition.topic(),
          partition.partition(),
          asked.last(),
          offset,
          sqlName,
          partition.topic());
    }
    return first;
  }

  private long lastSnapshotVersion() {
    return table == null ? 0 : tables.lastSnapshotVersion(table);
  }

  /** Whether the table tells which records it holds. */
  boolean tracksOffsets() {
    return !rules.mirrors() && table.hasOffsets();
  }

  private void startClock(long nowNanos) {
    if (readyCount() == 0 && !hasMoreSteps()) {
      oldestNanos = nowNanos;
    }
  }

  /** What was collected is one step; rows that are added from now on are another. */
  void seal() {
    if (open != null) {
      steps.add(Step.Insert.all(open));
      open = null;
    }
  }

  /** The next step; null where nothing waits but rows that are being collected. */
  Step next() {
    return steps.peek();
  }

  /** The next step is done, or to be done as these. */
  void replaceNext(List<? extends Step> by) {
    steps.remove();
    for (int i = by.size() - 1; i >= 0; i--) {
      steps.addFirst(by.get(i));
    }
  }

  /** Rows of the insert that the table does not hold, as the server says now. */
  Step.Insert notHeld(Step.Insert insert) {
    Map<TopicPartition, Held> fresh = new HashMap<>();
    return insert.keep(
        (partition, offset) ->
            !fresh.computeIfAbsent(partition, p -> Held.ask(tables, table, p)).contains(offset));
  }

  /** The insert that the server has not answered yet; null if there is none. */
  InFlight inFlight() {
    return inFlight;
  }

  boolean isBusy() {
    return inFlight != null;
  }

  /** The next step is under way. */
  void isUnderWay(InFlight started) {
    inFlight = started;
  }

  InFlight noLongerUnderWay() {
    InFlight done = inFlight;
    inFlight = null;
    return done;
  }

  /** Nobody waits for the insert's answer any more: whether it was made is for the table to say. */
  void abandon() {
    if (inFlight != null) {
      replaceNext(List.of(noLongerUnderWay().insert().withAttempt()));
    }
  }

  /** Whether steps wait behind the one that is under way, other than the rows being collected. */
  boolean hasMoreSteps() {
    return steps.size() > (inFlight == null ? 0 : 1);
  }

  /** Rows below a version were emptied out, and others like them may yet come. */
  void emptiedBelow(long version) {
    emptiedBelow = Math.max(emptiedBelow, version);
  }

  /** Whether the table looks otherwise than it did; if so, it is looked at anew. */
  boolean hasChanged() {
    Table now = tables.find(name).orElse(null);
    return now == null || !now.looksLike(table);
  }

  /** Forgets what is known of the table. */
  void forgetTable() {
    table = null;
    heedsEmptied = false;
    encoders.clear();
    held.clear();
  }

  /** Drops what waits of these partitions from an offset on; it comes again, here or elsewhere. */
  void drop(Map<TopicPartition, Long> from) {
    held.keySet().removeAll(from.keySet());
    if (rules != null) {
      rules.forget(from.keySet());
    }
    seal();
    Deque<Step> kept = new ArrayDeque<>();
    for (Step step : steps) {
      if (step instanceof Step.Insert insert) {
        Step.Insert rest = insert.keep((partition, offset) -> isBelow(from, partition, offset));
        if (rest.count() > 0) {
          kept.add(rest);
        }
      } else if (step instanceof Step.Truncate truncate
          && isBelow(from, truncate.partition(), truncate.offset())) {
        kept.add(truncate);
      }
    }
    steps.clear();
    steps.addAll(kept);
  }

  private static boolean isBelow(
      Map<TopicPartition, Long> from, TopicPartition partition, long offset) {
    return offset < from.getOrDefault(partition, Long.MAX_VALUE);
  }

  /** Lowers the offsets to the first of each partition that waits. */
  void lowerTo(Map<TopicPartition, Long> firsts) {
    for (Step step : steps) {
      if (step instanceof Step.Insert insert) {
        lower(firsts, insert.rows(), insert.from(), insert.to());
      } else if (step instanceof Step.Truncate truncate) {
        firsts.merge(truncate.partition(), truncate.offset(), Math::min);
      }
    }
    if (open != null) {
      lower(firsts, open, 0, open.count());
    }
  }

  private static void lower(Map<TopicPartition, Long> firsts, Rows rows, int from, int to) {
    for (int row = from; row < to; row++) {
      firsts.merge(rows.partition(row), rows.offset(row), Math::min);
    }
  }

  Table table() {
    return table;
  }

  RowRules rules() {
    return rules;
  }

  TableName name() {
    return name;
  }

  String sqlName() {
    return sqlName;
  }

  boolean isEmpty() {
    return open == null && steps.isEmpty();
  }

  /** Whether something waits that is not under way. */
  boolean isReady() {
    return open != null || hasMoreSteps();
  }

  int rowCount() {
    int count = open == null ? 0 : open.count();
    for (Step step : steps) {
      count += step instanceof Step.Insert insert ? insert.count() : 0;
    }
    return count;
  }

  /** Rows that are not under way. */
  int readyCount() {
    return rowCount() - (inFlight == null ? 0 : inFlight.insert().count());
  }

  /** What they take in memory. */
  long readyBytes() {
    return bytes() - (inFlight == null ? 0 : inFlight.insert().rows().heldBytes());
  }

  long bytes() {
    long bytes = open == null ? 0 : open.heldBytes();
    Rows last = null;
    for (Step step : steps) {
      // the parts of an insert that was divided stand side by side and share their rows
      if (step instanceof Step.Insert insert && insert.rows() != last) {
        last = insert.rows();
        bytes += last.heldBytes();
      }
    }
    return bytes;
  }

  long oldestNanos() {
    return oldestNanos;
  }
}
