package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several tasks believe that they own a partition, as after a rebalance that one has not seen. */
class GuardTest {
  @RegisterExtension static final TestDatabase db = new TestDatabase();

  private static final TopicPartition P0 = new TopicPartition("events", 0);

  private Map<String, String> settings;

  @BeforeEach
  void settings() {
    settings = db.settings();
    settings.put(SinkConfig.FLUSH_MS, "3600000");
  }

  private String counts() {
    return db.counts("events", "_offset");
  }

  @Test
  void aLateInsertOfAnOwnerThatWasReplacedWritesNothingTwice() {
    settings.put(SinkConfig.FLUSH_ROWS, "100");
    Map<String, String> others = new HashMap<>(settings);
    others.put(SinkConfig.FLUSH_ROWS, "130");
    try (TestTask before = new TestTask(settings, P0);
        TestTask after = new TestTask(others, P0)) {
      before.put(events(0, 100));
      before.until(() -> before.committed(P0) == 100);
      // held by the first when it loses the partition, and read again by the second
      before.put(events(100, 199));
      after.put(events(100, 230));
      after.until(() -> after.committed(P0) == 230);
      before.put(events(199, 200));
      before.until(() -> before.committed(P0) == 200);
    }

    assertThat(counts()).isEqualTo("230|230");
  }

  @Test
  void ownersThatWriteTheSameOffsetsAtOnceWriteEachOnce() throws Exception {
    int owners = 3;
    int rows = 20_000;
    ExecutorService threads = Executors.newFixedThreadPool(owners);
    try (TestTask first = new TestTask(settings, P0)) {
      first.put(events(0, 1));
      List<Future<?>> ends = new ArrayList<>();
      for (int owner = 0; owner < owners; owner++) {
        Map<String, String> own = new HashMap<>(settings);
        // cuts of their own
        own.put(SinkConfig.FLUSH_ROWS, String.valueOf(700 + 37 * owner));
        ends.add(threads.submit((Callable<Void>) () -> write(own, rows)));
      }
      for (Future<?> end : ends) {
        end.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(counts()).isEqualTo(rows + "|" + rows);
  }

  private static Void write(Map<String, String> settings, int rows) {
    try (TestTask task = new TestTask(settings, P0)) {
      for (int from = 0; from < rows; from += 500) {
        int start = from;
        task.put(events(start, start + 500));
        task.until(() -> task.context.paused.isEmpty());
      }
      task.put(List.of());
      settings.put(SinkConfig.FLUSH_MS, "1");
      task.until(() -> task.committed(P0) > rows - 1_000);
    }
    try (TestTask rest = new TestTask(settings, P0)) {
      rest.put(events(0, rows));
      rest.drain();
    }
    return null;
  }
}
