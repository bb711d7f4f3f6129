package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.config.InsertMode;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.record.AppendRules;
import dev.tributary.clickhouse.record.MirrorRules;
import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.record.RowRules;
import dev.tributary.clickhouse.record.Versions;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.types.Sql;
import dev.tributary.common.event.ChangeEvent;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of a lane: found, or made for the first record that tells how; whether records are
 * appended to it or mirrored by it; and the version below which a mirror was emptied.
 */
final class LaneTable {
  private static final Logger LOG = LoggerFactory.getLogger(LaneTable.class);

  private final TableName name;
  private final SinkConfig config;
  private final Tables tables;
  private final SinkMetrics metrics;

  private Table table;
  private RowRules rules;
  private long lookedNanos;
  private long emptiedBelow;
  private boolean heedsEmptied;
  private boolean toldEmptied;
  private boolean toldMissing;

  LaneTable(TableName name, SinkConfig config, Tables tables, SinkMetrics metrics) {
    this.name = name;
    this.config = config;
    this.tables = tables;
    this.metrics = metrics;
  }

  /** As it was last seen; null where it was not, or is not to be relied on. */
  Table seen() {
    return table;
  }

  /** How its rows are made; null before the first record that tells. */
  RowRules rules() {
    return rules;
  }

  /** It was altered, and looks like this now. */
  void evolved(Table now) {
    table = now;
  }

  /** Whether it was time to look at it anew, and it looks otherwise than it did. */
  boolean hasChangedMeanwhile(long nowNanos) {
    long after = config.refreshAfter().toNanos();
    if (after == 0 || table == null || nowNanos - lookedNanos < after) {
      return false;
    }
    lookedNanos = nowNanos;
    if (!hasChanged()) {
      return false;
    }
    table = null;
    return true;
  }

  /** Whether the table looks otherwise than it did. */
  boolean hasChanged() {
    Table now = tables.find(name).orElse(null);
    return now == null || !now.looksLike(table);
  }

  /** Forgets what is known of it, but not whether it is a mirror. */
  void forget() {
    table = null;
    heedsEmptied = false;
  }

  /** Works out what the table is; false where the record does not tell and says nothing either. */
  boolean open(SinkRecord record, ChangeEvent event) {
    if (rules != null) {
      return true;
    }
    find();
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
    if (mirror && table != null) {
      tables.createView(name);
    } else if (table != null) {
      tables.tellOfDelivery(table);
    }
    return true;
  }

  /** {@link Table#namesOfValues}; empty if there is no table. */
  Optional<List<String>> namesOfValues() {
    find();
    return Optional.ofNullable(table).map(Table::namesOfValues);
  }

  private void find() {
    if (table == null) {
      table = tables.find(name).orElse(null);
    }
  }

  private long lastSnapshotVersion() {
    return table == null ? 0 : tables.lastSnapshotVersion(table);
  }

  /** Sees to it that there is a table; false where there is none and nothing to make it from. */
  boolean ready(RowChange.Write change, ChangeEvent event) {
    find();
    if (table == null) {
      if (change == null || change.row() == null) {
        return false;
      }
      if (!config.autoCreate() && config.skipMissingTables()) {
        skipMissing();
        return false;
      }
      table = create(change, event);
    }
    if (rules.mirrors() && !(table.hasVersion() && table.hasDeleted())) {
      throw new ConnectException(
          "Table "
              + name.sql()
              + " cannot be mirrored to: it has no columns _version UInt64 and _deleted UInt8; add"
              + " them (engine ReplacingMergeTree(_version, _deleted)), or set insert.mode to"
              + " append");
    }
    if (rules.mirrors() && !heedsEmptied) {
      heedEmptied();
    }
    return true;
  }

  private Table create(RowChange.Write first, ChangeEvent event) {
    if (!config.autoCreate()) {
      throw new ConnectException(
          "Table "
              + name.sql()
              + " does not exist and auto.create is false; create the table or set auto.create"
              + " to true");
    }
    if (!(first.row() instanceof Struct)) {
      throw new ConnectException(
          "Table "
              + name.sql()
              + " does not exist, and the records have no schema to create it from; create the"
              + " table, or set a converter with schemas");
    }
    boolean operations = event.form() == ChangeEvent.Form.ENVELOPE;
    return tables.create(name, first, rules.mirrors(), operations);
  }

  private void skipMissing() {
    metrics.skipped();
    if (!toldMissing) {
      toldMissing = true;
      LOG.warn(
          "Table {} does not exist; its topic's records are skipped, as"
              + " suppressTableExistenceException says",
          name.sql());
    }
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

  /** Rows below a version were emptied out, and others like them may yet come. */
  void emptiedBelow(long version) {
    emptiedBelow = Math.max(emptiedBelow, version);
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

  /** Whether a row came before a TRUNCATE that has emptied the table already. */
  boolean wasEmptiedOf(RowChange.Write change, TopicPartition partition, long offset) {
    boolean emptied = rules.mirrors() && change.version() < emptiedBelow;
    if (emptied && !toldEmptied) {
      toldEmptied = true;
      LOG.warn(
          "Rows of topic '{}', partition {}, from offset {} on are passed over, as a TRUNCATE that"
              + " came after them in the source has emptied table {} already. Where the source's log"
              + " begins anew (another server), remove the comment of column {} and restart the"
              + " connector",
          partition.topic(),
          partition.partition(),
          offset,
          name.sql(),
          Sql.name("_version"));
    }
    return emptied;
  }
}
