package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** Reading tables before their changes are streamed. */
public final class SnapshotKeys {
  public static final String SNAPSHOT_MODE = "snapshot.mode";
  public static final String SNAPSHOT_FETCH_SIZE = "snapshot.fetch.size";

  public static final String SNAPSHOT_INCLUDE = "snapshot.include.collection.list";
  public static final String SNAPSHOT_OVERRIDES = "snapshot.select.statement.overrides";
  public static final String SNAPSHOT_THREADS = "snapshot.max.threads";

  public static final String INCREMENTAL_CHUNK = "incremental.snapshot.chunk.size";
  public static final String NEW_TABLES_INTERVAL = "snapshot.new.tables.interval.ms";
  public static final String SIGNAL_TOPIC = "signal.kafka.topic";
  public static final String SIGNAL_SERVERS = "signal.kafka.bootstrap.servers";
  public static final String SIGNAL_GROUP = "signal.kafka.groupId";
  public static final String SIGNAL_CONSUMER = "signal.consumer.";

  private SnapshotKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Snapshot")
        .choice(
            SNAPSHOT_MODE,
            "initial",
            List.of("initial", "initial_only", "no_data", "never", "when_needed", "always"),
            "Snapshot mode",
            "When tables are read before their changes are streamed: initial once at the first start, initial_only the same and then stop, no_data (or never) not at all, when_needed like initial and again where changes are lost (slot dropped, moved or invalidated, server restored to an earlier time), always at every start.")
        .patterns(
            SNAPSHOT_INCLUDE,
            "Tables in snapshots",
            "Regular expressions over schema.table, separated by commas; of the captured tables only those that match one are read by a snapshot, the others are only streamed. Empty for all.")
        .key(
            SNAPSHOT_OVERRIDES,
            ConfigDef.Type.LIST,
            List.of(),
            null,
            "Select overrides",
            "Tables (schema.table, separated by commas) of which a snapshot reads the rows of another SELECT: the one under snapshot.select.statement.overrides.<schema.table>. It must give all columns of the table under their names, and is not divided among threads; a snapshot that is cut off reads it again from its beginning.")
        .key(
            SNAPSHOT_THREADS,
            ConfigDef.Type.INT,
            1,
            ConfigDef.Range.between(1, 64),
            "Snapshot threads",
            "How many sessions read at the same time in a snapshot, all on the same snapshot of the database: different tables, and from PostgreSQL 14 on also parts of one table. With more than one, the rows of a table come in no order.")
        .key(
            INCREMENTAL_CHUNK,
            ConfigDef.Type.INT,
            1024,
            ConfigDef.Range.between(1, 100_000),
            "Chunk size",
            "How many rows an incremental snapshot reads at a time. They are held in memory until the stream has come to the place in the log where they were read; fewer where they have more bytes than a quarter of max.queue.size.in.bytes.")
        .key(
            NEW_TABLES_INTERVAL,
            ConfigDef.Type.LONG,
            10_000L,
            ConfigDef.Range.atLeast(0),
            "Interval between looks for new tables",
            "Milliseconds after which to look for tables that are captured and that the publication lacks, where publication.autocreate.mode is filtered: they are added to it, and what they hold is read by an incremental snapshot (not with snapshot.mode=no_data). In the other modes, what the publication lacks is told in the log. 0 to look only at the start.")
        .key(
            SIGNAL_TOPIC,
            ConfigDef.Type.STRING,
            null,
            null,
            "Signal topic",
            "Topic from which signals are taken: records whose key is topic.prefix, with Debezium's JSON (execute-snapshot, stop-snapshot, pause-snapshot, resume-snapshot) as value. Signals can be sent by SQL as well: select pg_logical_emit_message(true, 'tributary.signal', '<the JSON>') (with false, the server sends it only with the next commit).")
        .key(
            SIGNAL_SERVERS,
            ConfigDef.Type.STRING,
            null,
            null,
            "Signal topic's servers",
            "Bootstrap servers of the Kafka cluster that has the signal topic. Further settings of the consumer are those that start with signal.consumer.")
        .key(
            SIGNAL_GROUP,
            ConfigDef.Type.STRING,
            "kafka-signal",
            Validators.notBlank(),
            "Signal topic's consumer group",
            "Consumer group under which it is kept which signals were taken; topic.prefix and the connector's name are appended to it.")
        .key(
            SNAPSHOT_FETCH_SIZE,
            ConfigDef.Type.INT,
            10_240,
            ConfigDef.Range.atLeast(1),
            "Snapshot fetch size",
            "Accepted for compatibility. A snapshot reads with COPY, which streams rows without fetching them in portions.");
  }
}
