package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.map;
import static dev.tributary.clickhouse.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Configs of clickhouse-kafka-connect, and what {@code validate} and JMX say. */
class PeerConfigTest {
  private static TestServer server;

  private String database;
  private Map<String, String> settings;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void newDatabase() {
    database = server.newDatabase();
    settings = new HashMap<>(server.settings(database));
  }

  private Map<String, List<String>> errors() {
    return new ClickHouseSinkConnector()
        .validate(settings).configValues().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
  }

  /** Every key that the peer's documentation names, with a value that it takes. */
  private void addAllOfThePeers() {
    settings.put("jdbcConnectionProperties", "?ssl=false&socket_timeout=30000");
    settings.put("errors.retry.timeout", "60");
    settings.put("exactlyOnce", "true");
    settings.put("errors.tolerance", "none");
    settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    settings.put("value.converter.schemas.enable", "false");
    settings.put("topics", "a topic");
    settings.put("topic2TableMap", "a topic=target, other=t2");
    settings.put("tableRefreshInterval", "10");
    settings.put("clickhouseSettings", "insert_quorum=0, max_threads=1");
    settings.put("timeoutSeconds", "30");
    settings.put("retryCount", "3");
    settings.put("zkPath", "/kafka-connect");
    settings.put("zkDatabase", "connect_state");
    settings.put("keeperOnCluster", "ON CLUSTER c");
    settings.put("schemas.enable", "false");
    settings.put("insertFormat", "json");
    settings.put("customInsertFormat", "false");
    settings.put("suppressTableExistenceException", "true");
    settings.put("bypassRowBinary", "false");
    settings.put("bypassSchemaValidation", "false");
    settings.put("bypassFieldCleanup", "false");
    settings.put("dateTimeFormats", "at=yyyy/MM/dd HH:mm:ss.SSS;day=dd.MM.yyyy");
    settings.put("tolerateStateMismatch", "true");
    settings.put("ignorePartitionsWhenBatching", "false");
    settings.put("enableDbTopicSplit", "false");
    settings.put("dbTopicSplitChar", "");
    settings.put("proxyType", "IGNORE");
    settings.put("proxyHost", "");
    settings.put("proxyPort", "-1");
    settings.put("clientVersion", "V2");
    settings.put("bufferCount", "2");
    settings.put("bufferFlushTime", "60000");
  }

  @Test
  void runsAConfigOfThePeer() {
    addAllOfThePeers();
    server.execute(
        database,
        "CREATE TABLE target (id Int64, name String, at DateTime64(3, 'UTC'), day Date) ENGINE ="
            + " MergeTree ORDER BY id");
    assertThat(errors()).isEmpty();

    TopicPartition partition = new TopicPartition("a topic", 0);
    try (TestTask task = new TestTask(settings, partition)) {
      task.put(
          record(
              "a topic",
              0,
              0,
              null,
              map("id", 1, "name", "x", "at", "2026/11/20 10:00:00.500", "day", "20.11.2026")),
          record(
              "a topic",
              0,
              1,
              null,
              map("id", 2, "name", "y", "at", "2026/11/20 10:00:01.000", "day", "21.11.2026")));
      task.drain();
    }

    assertThat(server.query(database, "id,name,at,day", "FROM target ORDER BY id"))
        .containsExactly(
            "1|x|2026-11-20 10:00:00.500|2026-11-20", "2|y|2026-11-20 10:00:01.000|2026-11-21");
  }

  @Test
  void splitsTopicsIntoDatabaseAndTable() {
    settings.put("enableDbTopicSplit", "true");
    settings.put("dbTopicSplitChar", ".");
    settings.put("bufferFlushTime", "1");
    server.execute(database, "CREATE TABLE target (id Int64) ENGINE = MergeTree ORDER BY id");
    String topic = database + ".target";
    try (TestTask task = new TestTask(settings, new TopicPartition(topic, 0))) {
      task.put(record(topic, 0, 0, null, map("id", 1)));
      task.drain();
    }

    assertThat(server.query(database, "id", "FROM target")).containsExactly("1");
  }

  @Test
  void saysPerKeyWhatDoesNotGoWithTheTables() {
    settings.put("topics", "there,missing");
    settings.put(SinkConfig.AUTO_CREATE, "false");
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    settings.put(SinkConfig.EXTRA_FIELDS, "json");
    server.execute(database, "CREATE TABLE there (id Int64) ENGINE = MergeTree ORDER BY id");

    assertThat(errors())
        .containsOnlyKeys(SinkConfig.AUTO_CREATE, SinkConfig.INSERT_MODE, SinkConfig.EXTRA_COLUMN);
    assertThat(errors().get(SinkConfig.AUTO_CREATE).get(0)).contains("`missing` does not exist");
  }

  @Test
  void saysThatRowsOfATableDoNotReplaceEachOther() {
    settings.put("topics", "there");
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    String columns = " (id Int64, _version UInt64, _deleted UInt8) ENGINE = ";
    server.execute(database, "CREATE TABLE there" + columns + "MergeTree ORDER BY id");
    assertThat(errors()).containsOnlyKeys(SinkConfig.INSERT_MODE);
    assertThat(errors().get(SinkConfig.INSERT_MODE).get(0)).contains("is of engine MergeTree");

    server.execute(database, "DROP TABLE there");
    server.execute(
        database,
        "CREATE TABLE there" + columns + "ReplacingMergeTree(_version, _deleted) ORDER BY id");
    assertThat(errors()).isEmpty();
  }

  @Test
  void turnsToTheNextServerWhenOneIsAway() {
    settings.put(
        SinkConfig.HOSTNAME,
        "127.0.0.1:1, " + settings.get(SinkConfig.HOSTNAME) + ":" + settings.get(SinkConfig.PORT));
    settings.put(SinkConfig.FLUSH_MS, "1");
    try (TestTask task = new TestTask(settings, new TopicPartition("t", 0))) {
      task.put(record("t", 0, 0, null, Records.row(1, "new", 2)));
      task.drain();
    }

    assertThat(server.query(database, "id", "FROM t")).containsExactly("1");
  }

  @Test
  void showsWhatItDoesOverJmx() throws Exception {
    settings.put("name", "shown");
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    settings.put(SinkConfig.FLUSH_ROWS, "2");
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName name =
        new ObjectName("tributary.clickhouse:type=sink-task-metrics,connector=shown,task=0");
    TopicPartition partition = new TopicPartition("t", 0);
    try (TestTask task = new TestTask(settings, partition)) {
      task.put(
          record("t", 0, 0, null, Records.row(1, "new", 2)),
          record("t", 0, 1, null, Records.row(2, "new", 2)));
      task.drain();
      task.put(record("t", 0, 2, null, Records.row(3, "new", 2)));

      assertThat(beans.getAttribute(name, "rows-total")).isEqualTo(2L);
      assertThat(beans.getAttribute(name, "inserts-total")).isEqualTo(1L);
      assertThat(beans.getAttribute(name, "rows-per-insert")).isEqualTo(2.0);
      assertThat(beans.getAttribute(name, "buffered-rows")).isEqualTo(1L);
      assertThat((Long) beans.getAttribute(name, "bytes-total")).isPositive();
      assertThat((Double) beans.getAttribute(name, "insert-latency-ms-p99")).isPositive();
    }
    assertThat(beans.isRegistered(name)).isFalse();

    try (TestTask again = new TestTask(settings, partition)) {
      again.put(
          record("t", 0, 0, null, Records.row(1, "new", 2)),
          record("t", 0, 1, null, Records.row(2, "new", 2)));
      assertThat(beans.getAttribute(name, "duplicates-skipped-total")).isEqualTo(2L);
    }
  }
}
