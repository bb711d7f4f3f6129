package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What the sink holds in memory is a batch, however many records come and however large. */
class HeapTest {
  private static final String HEAP = "64m";
  private static final int POLLS = 100;
  private static final int POLL = 3_000;
  private static final int KEYS = 1_000;
  private static final int LARGE_RECORDS = 60;
  private static final int LARGE = 1 << 20;

  @TempDir private Path folder;

  /** A task in a JVM of its own, with records that are made as they are put. */
  static final class Main {
    private Main() {}

    /** Writes to the server at the address that is the first argument. */
    public static void main(String[] arguments) {
      try (TaskHarness task =
          new TaskHarness(arguments[0], false, "redis.batch.size", "10000").start()) {
        for (int poll = 0; poll < POLLS; poll++) {
          List<SinkRecord> records = new ArrayList<>();
          for (long offset = (long) poll * POLL; offset < (poll + 1L) * POLL; offset++) {
            records.add(
                Records.upsert(offset, Records.row(offset % KEYS, "s" + offset, 1.0, true)));
          }
          task.put(records);
        }
      }
      // the worker holds the records; encoded, all of them are more than the heap
      String text = "x".repeat(LARGE);
      List<SinkRecord> large = new ArrayList<>();
      for (int i = 0; i < LARGE_RECORDS; i++) {
        large.add(Records.upsert(POLLS * POLL + i, Records.row(i, text, 1.0, true)));
      }
      try (TaskHarness task =
          new TaskHarness(arguments[0], false, "redis.batch.size", "5").start()) {
        task.put(large);
      }
      System.exit(0);
    }
  }

  @Test
  void holdsOneBatchAtATime() throws Exception {
    try (RedisServer server = RedisServer.start();
        Jedis redis = TestRedis.connect(server)) {
      redis.flushDB();
      File log = folder.resolve("log.txt").toFile();
      Process task =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + HEAP,
                  "-XX:+ExitOnOutOfMemoryError",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  TestRedis.uri(server))
              .redirectErrorStream(true)
              .redirectOutput(log)
              .start();
      boolean ended = task.waitFor(120, TimeUnit.SECONDS);
      task.destroyForcibly();
      String told = Files.readString(log.toPath(), StandardCharsets.UTF_8);
      assertThat(ended).as(told).isTrue();
      assertThat(task.exitValue()).as(told).isZero();
      assertThat(redis.hget("user_features:999", "status")).isEqualTo("s299999");
      assertThat(redis.hstrlen("user_features:59", "status")).isEqualTo(LARGE);
    }
  }
}
