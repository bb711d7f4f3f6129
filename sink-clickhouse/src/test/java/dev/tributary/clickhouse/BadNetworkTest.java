package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.stack.BadNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a network can do to an insert. */
class BadNetworkTest {
  @RegisterExtension static final TestDatabase db = new TestDatabase();

  private static final TopicPartition P0 = new TopicPartition("events", 0);

  private Map<String, String> settings;

  @BeforeEach
  void settings() {
    settings = db.settings();
    settings.put(SinkConfig.TIMEOUT_SECONDS, "2");
  }

  private BadNetwork network() {
    BadNetwork network =
        new BadNetwork(
            settings.get(SinkConfig.HOSTNAME), Integer.parseInt(settings.get(SinkConfig.PORT)));
    settings.put(SinkConfig.HOSTNAME, "127.0.0.1");
    settings.put(SinkConfig.PORT, String.valueOf(network.port()));
    return network;
  }

  private static List<SinkRecord> events(int from, int to) {
    List<SinkRecord> events = new ArrayList<>();
    for (int i = from; i < to; i++) {
      events.add(record("events", 0, i, null, row(i, "status " + i * 31L, i)));
    }
    return events;
  }

  private String counts() {
    return db.query("count(),uniqExact(_offset)", "FROM events").get(0);
  }

  @Test
  void givesUpAnInsertThatTheServerStopsReading() {
    settings.put(SinkConfig.FLUSH_BYTES, "8000000");
    try (BadNetwork network = network();
        TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 10));
      task.drain();
      // far more than sockets hold
      network.stallAfter(100_000);
      task.put(events(10, 300_000));
      task.until(() -> network.stalled());
      task.until(() -> task.context.paused.contains(P0));
      network.heal();
      task.drain();
    }

    assertThat(counts()).isEqualTo("300000|300000");
  }

  @Test
  void resolvesAnInsertWhoseAnswerIsLost() {
    try (BadNetwork network = network();
        TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 10));
      task.drain();
      network.loseAnswers();
      task.put(events(10, 2_000));
      task.until(() -> db.query("count()", "FROM events").equals(List.of("2000")));
      assertThat(task.committed(P0)).isEqualTo(10);
      network.heal();
      task.drain();
    }

    assertThat(counts()).isEqualTo("2000|2000");
  }

  /** Millions of rows where {@code -Dtributary.network.rows} asks for them. */
  @Test
  void writesEveryRowOnceWhateverTheNetworkDoes() {
    int rows = Integer.getInteger("tributary.network.rows", 200_000);
    settings.put(SinkConfig.FLUSH_ROWS, "9000");
    settings.put(SinkConfig.TIMEOUT_SECONDS, "1");
    Random random = new Random(7);
    try (BadNetwork network = network();
        TestTask task = new TestTask(settings, P0)) {
      for (int from = 0; from < rows; from += 2_500) {
        int at = from;
        task.put(events(at, Math.min(rows, at + 2_500)));
        switch (random.nextInt(12)) {
          case 0 -> network.cutAfter(random.nextInt(60_000));
          case 1 -> network.cutAnswer();
          default -> {
            // as it should be
          }
        }
        task.until(() -> task.context.paused.isEmpty());
      }
      network.heal();
      task.drain();
      assertThat(network.cuts()).isPositive();
    }

    assertThat(counts()).isEqualTo(rows + "|" + rows);
  }
}
