package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final TopicPartition P0 = new TopicPartition("events", 0);

  private TestServer server;
  private String database;
  private Map<String, String> settings;

  @BeforeEach
  void startServer() {
    server = new TestServer();
    database = server.newDatabase();
    settings = new HashMap<>(server.settings(database));
    settings.put(SinkConfig.FLUSH_MS, "1");
    settings.put(SinkConfig.FLUSH_ROWS, "10");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private List<String> offsets() {
    return server.query(database, "_offset", "FROM events ORDER BY _offset");
  }

  @Test
  void losesAndRepeatsNothingWhenTheServerIsKilledInMidStream() {
    assumeTrue(server.restartable());
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 25));
      server.kill();
      task.put(events(25, 50));
      task.until(() -> task.context.paused.contains(P0));
      assertThat(task.committed(P0)).isLessThanOrEqualTo(25);

      server.restart();
      task.drain();
      assertThat(task.context.paused).isEmpty();
      task.put(events(50, 60));
      task.drain();
    }

    assertThat(offsets()).hasSize(60).doesNotHaveDuplicates();
  }

  @Test
  void writesWhatAFailedInsertLeftOutOfAPartitionedTable() {
    assumeTrue(server.restartable());
    settings.put(SinkConfig.PARTITION_BY, "amount % 2");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 10));
      server.kill();
      task.put(events(10, 20));
      server.restart();
      // as if the insert had got as far as one of the two partitions
      server.execute(
          database,
          "INSERT INTO events SELECT number, 's', number, 'events', 0, number FROM"
              + " numbers(11, 9) WHERE number % 2 = 1");
      task.drain();
    }

    assertThat(offsets()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void waitsForAServerThatIsAwayAtStart() {
    assumeTrue(server.restartable());
    server.kill();
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 5));
      assertThat(task.committed(P0)).isZero();
      server.restart();
      task.drain();
    }

    assertThat(offsets()).hasSize(5);
  }

  @Test
  void aWrongPasswordIsAnErrorOfThatKey() {
    settings.put(SinkConfig.PASSWORD, "wrong");

    assertThat(errors()).containsOnlyKeys(SinkConfig.PASSWORD);
    assertThat(errors().get(SinkConfig.PASSWORD))
        .singleElement()
        .asString()
        .contains("refuses user")
        .doesNotContain("wrong'");
    assertThatThrownBy(() -> new TestTask(settings, P0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("wrong user name or password");
  }

  @Test
  void anUnknownDatabaseIsAnErrorOfThatKey() {
    settings.put(SinkConfig.DATABASE, "nowhere");

    assertThat(errors()).containsOnlyKeys(SinkConfig.DATABASE);
  }

  @Test
  void anUnreachableServerIsNoErrorOfTheSettings() {
    assertThat(errors()).isEmpty();
    settings.put(SinkConfig.PORT, "1");

    assertThat(errors()).isEmpty();
  }

  @Test
  void malformedSettingsAreErrorsOfTheirKeys() {
    settings.remove(SinkConfig.HOSTNAME);
    settings.put(SinkConfig.TABLE, "${nothing}");
    settings.put(SinkConfig.INSERT_MODE, "upsert");
    settings.put(SinkConfig.TOPIC_TO_TABLE, "a");
    settings.put(SinkConfig.FLUSH_ROWS, "0");

    assertThat(errors())
        .containsOnlyKeys(
            SinkConfig.HOSTNAME,
            SinkConfig.TABLE,
            SinkConfig.INSERT_MODE,
            SinkConfig.TOPIC_TO_TABLE,
            SinkConfig.FLUSH_ROWS);
  }

  private Map<String, List<String>> errors() {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : new ClickHouseSinkConnector().validate(settings).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
