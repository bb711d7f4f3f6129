package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * What a record costs the task's thread does not depend on how many come with it. Measured in CPU
 * time, of which others on the machine take nothing; what a round trip takes is not in it.
 */
class CostTest {
  private static final int RECORDS = 40_000;
  private static final int KEYS = 5_000;

  @ParameterizedTest
  @ValueSource(strings = {"HASH", "STREAM"})
  void isFlatFromTenToTenThousandRecordsInABatch(String type) {
    try (RedisServer server = RedisServer.start(List.of("appendonly no"));
        Jedis redis = TestRedis.connect(server)) {
      Map<Integer, Long> nanos = new TreeMap<>();
      long offset = 0;
      for (int round = 0; round < 3; round++) {
        for (int batch : new int[] {10, 100, 1_000, 10_000}) {
          redis.flushDB();
          try (TaskHarness task =
              new TaskHarness(
                      TestRedis.uri(server), false, "redis.type", type, "redis.batch.size", "10000")
                  .start()) {
            long cost = cost(task, offset, batch);
            offset += RECORDS;
            nanos.merge(batch, cost / RECORDS, Math::min);
          }
        }
      }
      assertThat(nanos.get(10_000)).as("%s", nanos).isLessThan(3 * nanos.get(100));
      assertThat(nanos.get(100)).as("%s", nanos).isLessThan(3 * nanos.get(10_000));
      assertThat(nanos.get(10)).as("%s", nanos).isLessThan(6 * nanos.get(10_000));
    }
  }

  private static long cost(TaskHarness task, long first, int batch) {
    long cost = 0;
    for (long at = first; at < first + RECORDS; at += batch) {
      List<SinkRecord> records = new ArrayList<>(batch);
      for (long offset = at; offset < at + batch; offset++) {
        records.add(Records.upsert(offset, Records.row(offset % KEYS, "new", 1.25, true)));
      }
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      task.put(records);
      cost += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }
    return cost;
  }
}
