package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class MetricsTest {

  @Test
  void countsWhatTheTaskHasDone() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName name =
        new ObjectName("tributary.redis:type=sink-task-metrics,connector=counted,task=0");
    try (RedisServer server = RedisServer.start();
        Jedis redis = TestRedis.connect(server)) {
      redis.flushDB();
      redis.set("user_features:3", "poison");
      try (TaskHarness task =
          new TaskHarness(TestRedis.uri(server), true, "name", "counted").start()) {
        task.put(
            upsert(1, row(1, "a", 1.0, true)),
            upsert(2, row(2, "a", 1.0, true)),
            upsert(3, row(3, "a", 1.0, true)));
        task.put(upsert(1, row(1, "a", 1.0, true)));

        assertThat(beans.getAttribute(name, "RecordsWritten")).isEqualTo(2L);
        assertThat(beans.getAttribute(name, "RecordsRejected")).isEqualTo(1L);
        assertThat(beans.getAttribute(name, "RecordsSkippedAsOld")).isEqualTo(1L);
        assertThat(beans.getAttribute(name, "Batches")).isEqualTo(2L);
        assertThat(beans.getAttribute(name, "AverageBatchSize")).isEqualTo(2.0);
        assertThat((Long) beans.getAttribute(name, "BytesSent")).isPositive();
        assertThat((Long) beans.getAttribute(name, "Commands")).isEqualTo(2L);
        assertThat((Double) beans.getAttribute(name, "BatchLatencyP99Ms")).isPositive();
      }
      assertThat(beans.isRegistered(name)).isFalse();
    }
  }
}
