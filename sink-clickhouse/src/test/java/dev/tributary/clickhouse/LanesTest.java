package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** Several inserts at once into one table, with the Kafka partitions dealt out among them. */
class LanesTest {
  private static final int PARTITIONS = 5;
  private static final int RECORDS = 400;
  private static final Schema OLD = SchemaBuilder.struct().field("v", Schema.INT32_SCHEMA).build();
  private static final Schema NEW =
      SchemaBuilder.struct()
          .field("v", Schema.INT64_SCHEMA)
          .field("w", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  /** The later half has another schema: a column more, and one that is wider. */
  private static SinkRecord of(int partition, long offset) {
    Struct value =
        offset < RECORDS / 2
            ? new Struct(OLD).put("v", (int) offset)
            : new Struct(NEW).put("v", (1L << 40) + offset).put("w", "w");
    return record("t", partition, offset, null, value);
  }

  @Test
  void nothingIsDoubledOrLostWhateverIsReadAgain() {
    try (TestServer server = new TestServer()) {
      String database = server.newDatabase();
      Map<String, String> settings = new HashMap<>(server.settings(database));
      settings.put(SinkConfig.FLUSH_MS, "1");
      settings.put(SinkConfig.FLUSH_ROWS, "37");
      settings.put(SinkConfig.LANES_PER_TABLE, "3");
      TopicPartition[] partitions = new TopicPartition[PARTITIONS];
      for (int i = 0; i < PARTITIONS; i++) {
        partitions[i] = new TopicPartition("t", i);
      }
      Random random = new Random(7);
      long[] from = new long[PARTITIONS];
      for (int run = 0; run < 6; run++) {
        boolean last = run == 5;
        try (TestTask task = new TestTask(settings, partitions)) {
          feed(task, from, last ? RECORDS : (run + 1) * 70, random);
          if (last) {
            task.drain();
          }
          for (int i = 0; i < PARTITIONS; i++) {
            // at most what is committed, as after a crash between two commits
            long committed = task.committed(partitions[i]);
            from[i] = committed - random.nextInt((int) Math.min(60, committed) + 1);
          }
        }
      }

      assertThat(server.query(database, "count(),uniqExact(_partition, _offset)", "FROM t"))
          .containsExactly(PARTITIONS * RECORDS + "|" + PARTITIONS * RECORDS);
      assertThat(
              server.query(
                  database,
                  "countIf(v = _offset AND w IS NULL),countIf(v = 1099511627776 + _offset AND w = 'w')",
                  "FROM t"))
          .containsExactly(PARTITIONS * RECORDS / 2 + "|" + PARTITIONS * RECORDS / 2);
    }
  }

  /** Polls of many partitions; where the task rewinds one, it is read from there. */
  private static void feed(TestTask task, long[] from, long to, Random random) {
    long[] at = from.clone();
    boolean more = true;
    while (more) {
      List<SinkRecord> poll = new ArrayList<>();
      more = false;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        Long rewind = task.context.rewinds.remove(new TopicPartition("t", partition));
        at[partition] = rewind == null ? at[partition] : rewind;
        boolean paused = task.context.paused.contains(new TopicPartition("t", partition));
        for (int i = random.nextInt(40); i > 0 && at[partition] < to && !paused; i--) {
          poll.add(of(partition, at[partition]++));
        }
        more |= at[partition] < to;
      }
      task.put(poll);
      more |= !task.context.rewinds.isEmpty();
    }
  }
}
