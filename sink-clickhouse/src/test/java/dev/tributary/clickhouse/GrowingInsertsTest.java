package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.events;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tributary.clickhouse.config.SinkConfig;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes while the server is busy with an insert goes into one insert behind it. */
@Timeout(120)
class GrowingInsertsTest {
  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final int FLUSH_ROWS = 10;

  private static final String PARTS = "FROM (SELECT count() AS n FROM events GROUP BY _part)";

  private final CountDownLatch answers = new CountDownLatch(1);

  private static boolean isInsert(HttpExchange exchange) {
    return exchange.getRequestURI().getQuery().contains("insert_deduplication_token=");
  }

  /** Inserts get through once the test says so. */
  private int pass(HttpExchange exchange) {
    if (isInsert(exchange)) {
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return HttpURLConnection.HTTP_UNAVAILABLE;
      }
    }
    return HttpURLConnection.HTTP_OK;
  }

  private static Map<String, String> settings(TestServer server, String database, Gate gate) {
    Map<String, String> settings = new HashMap<>(server.settings(database));
    settings.put(SinkConfig.PORT, String.valueOf(gate.port()));
    settings.put(SinkConfig.FLUSH_ROWS, String.valueOf(FLUSH_ROWS));
    settings.put(SinkConfig.FLUSH_MS, "60000");
    // read back what each insert wrote, before anything is merged
    settings.put(SinkConfig.TABLE_SETTINGS, "max_bytes_to_merge_at_max_space_in_pool=1");
    return settings;
  }

  @Test
  void rowsBehindARunningInsertComeTogether() {
    try (TestServer server = new TestServer()) {
      String database = server.newDatabase();
      try (Gate gate = Gate.http(server.settings(database), this::pass);
          TestTask task = new TestTask(settings(server, database, gate), P0)) {
        for (int from = 0; from < 5 * FLUSH_ROWS; from += FLUSH_ROWS) {
          task.put(events(from, from + FLUSH_ROWS));
        }
        assertThat(task.context.paused).isEmpty();
        // it looks soon whether the server is free again
        assertThat(task.context.timeout).isBetween(1L, 10L);
        answers.countDown();
        task.drain();
      }

      assertThat(server.query(database, "min(_offset),count()", "FROM events GROUP BY _part"))
          .containsExactlyInAnyOrder("0|10", "10|40");
    }
  }

  @Test
  void heldBytesBoundThem() {
    Thread task = Thread.currentThread();
    try (TestServer server = new TestServer()) {
      String database = server.newDatabase();
      try (Gate gate = Gate.http(server.settings(database), exchange -> passWhen(task, exchange))) {
        Map<String, String> settings = settings(server, database, gate);
        settings.put(SinkConfig.FLUSH_BYTES, "4096");
        try (TestTask sink = new TestTask(settings, P0)) {
          sink.put(events(0, 1_000));
          sink.drain();
        }
      }

      assertThat(server.query(database, "sum(n),max(n) < 4096 / 34", PARTS))
          .containsExactly("1000|1");
    }
  }

  /** Inserts get through once the task waits for one, as it holds as much as it may. */
  private int passWhen(Thread task, HttpExchange exchange) {
    while (isInsert(exchange) && task.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return HttpURLConnection.HTTP_OK;
  }
}
