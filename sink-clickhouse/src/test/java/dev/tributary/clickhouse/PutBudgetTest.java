package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.insert.Delivery;
import dev.tributary.clickhouse.insert.SinkMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class PutBudgetTest {
  private static final TopicPartition P0 = new TopicPartition("events", 0);

  @Test
  void leavesTheRestOfALongSearchForBadRowsToTheNextPut() {
    try (TestServer server = new TestServer()) {
      String database = server.newDatabase();
      server.execute(
          database,
          "CREATE TABLE events (id Int64, status Nullable(String), amount Int32, CONSTRAINT none"
              + " CHECK amount < 0) ENGINE = MergeTree ORDER BY id");
      Map<String, String> settings = new HashMap<>(server.settings(database));
      settings.put(SinkConfig.FLUSH_ROWS, "64");
      List<SinkRecord> records = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        records.add(record("events", 0, i, null, row(i, "s", i)));
      }
      TestTask.Context context = new TestTask.Context(settings, true);
      context.assignment.add(P0);
      AtomicLong seconds = new AtomicLong();
      SinkConfig config = new SinkConfig(settings);
      try (ClickHouse client = new ClickHouse(config);
          SinkMetrics metrics = new SinkMetrics("test", "0", System::nanoTime)) {
        Delivery delivery =
            new Delivery(
                config,
                "test",
                true,
                client,
                context,
                metrics,
                // every look at the clock takes a quarter of a second
                () -> Duration.ofMillis(250).toNanos() * seconds.incrementAndGet());

        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        delivery.put(records);
        while (context.paused.isEmpty() && System.nanoTime() < deadline) {
          delivery.put(List.of());
        }
        assertThat(context.rejected).hasSizeLessThan(64);
        assertThat(context.paused).containsExactly(P0);
        assertThat(context.timeout).isEqualTo(1);

        while (context.rejected.size() < 64 && System.nanoTime() < deadline) {
          delivery.put(List.of());
        }
        assertThat(context.rejected).hasSize(64).doesNotHaveDuplicates();
        delivery.put(List.of());
        assertThat(context.paused).isEmpty();
      }
    }
  }
}
