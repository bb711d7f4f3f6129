package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.envelope;
import static dev.tributary.clickhouse.Records.key;
import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mirror whose source was emptied, in whatever order and however often that is told. */
class TruncateTest {
  @RegisterExtension static final TestDatabase db = new TestDatabase();

  private static final String TOPIC = "shop.public.orders";
  private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);
  private static final TopicPartition P1 = new TopicPartition(TOPIC, 1);

  private Map<String, String> settings;

  @BeforeEach
  void settings() {
    settings = db.settings();
    settings.put(SinkConfig.TABLE, "${table}");
  }

  private List<String> mirrored() {
    return db.query("id,status", "FROM orders FINAL ORDER BY id");
  }

  private static SinkRecord created(int partition, long offset, long id, long lsn) {
    return record(
        TOPIC,
        partition,
        offset,
        key(id),
        envelope("c", null, row(id, "at " + lsn, 1), lsn, lsn - 1));
  }

  private static SinkRecord truncated(int partition, long offset, long lsn) {
    return record(TOPIC, partition, offset, null, envelope("t", null, null, lsn, lsn - 1));
  }

  private static SinkRecord withoutLog(long offset, long id) {
    return record(
        TOPIC, 0, offset, key(id), envelope("c", null, row(id, "at " + offset, 1), null, null));
  }

  @Test
  void replaysFromAnyPointEndAsTheLogDoes() {
    List<SinkRecord> log =
        List.of(
            created(0, 0, 1, 10),
            created(0, 1, 2, 20),
            truncated(0, 2, 30),
            created(0, 3, 2, 40),
            created(0, 4, 3, 50));
    for (int from = 0; from < log.size(); from++) {
      for (boolean together : new boolean[] {true, false}) {
        try (TestTask task = new TestTask(settings, P0)) {
          if (together) {
            task.put(log.subList(from, log.size()));
          } else {
            log.subList(from, log.size())
                .forEach(
                    each -> {
                      task.put(each);
                      task.drain();
                    });
          }
          task.drain();
        }
        assertThat(mirrored()).as("from %d", from).containsExactly("2|at 40", "3|at 50");
      }
    }
  }

  @Test
  void replaysOfAMirrorByOffsetEndAsTheLogDoes() {
    SinkRecord truncate = record(TOPIC, 0, 2, null, envelope("t", null, null, null, null));
    List<SinkRecord> log =
        List.of(withoutLog(0, 1), withoutLog(1, 2), truncate, withoutLog(3, 2), withoutLog(4, 3));
    for (int from = 0; from < log.size(); from++) {
      try (TestTask task = new TestTask(settings, P0)) {
        task.put(log.subList(from, log.size()));
        task.drain();
      }
      assertThat(mirrored()).as("from %d", from).containsExactly("2|at 3", "3|at 4");
    }
  }

  @Test
  void emptiesWhatCameByOtherPartitionsAndLetsNothingOlderIn() {
    settings.put(SinkConfig.LANES_PER_TABLE, "2");
    try (TestTask task = new TestTask(settings, P0, P1)) {
      task.put(created(0, 0, 1, 10), created(1, 0, 2, 20), truncated(1, 1, 30));
      task.drain();
      // behind in the other partition: one from before, one from after
      task.put(created(0, 1, 3, 25), created(0, 2, 4, 40));
      task.drain();
    }

    assertThat(mirrored()).containsExactly("4|at 40");
  }

  @Test
  void letsNothingOlderInByAPartitionThatHadNoRecordsYet() {
    settings.put(SinkConfig.LANES_PER_TABLE, "2");
    try (TestTask task = new TestTask(settings, P0, P1)) {
      task.put(created(1, 0, 2, 20), truncated(1, 1, 30));
      task.drain();
      task.put(created(0, 0, 3, 25), created(0, 1, 4, 40));
      task.drain();
    }

    assertThat(mirrored()).containsExactly("4|at 40");
  }

  @Test
  void letsNothingOlderInAfterARestart() {
    try (TestTask task = new TestTask(settings, P0, P1)) {
      task.put(created(0, 0, 1, 10), created(1, 0, 2, 20), truncated(1, 1, 30));
      task.drain();
    }
    // the partition with the truncate is committed, the other one is not
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(created(0, 0, 1, 10), created(0, 1, 3, 25), created(0, 2, 4, 40));
      task.drain();
    }

    assertThat(mirrored()).containsExactly("4|at 40");
  }

  @Test
  void refusesToEmptyATopicOfSeveralPartitionsThatHasOffsetsOnly() {
    try (TestTask task = new TestTask(settings, true, P0, P1)) {
      task.put(
          withoutLog(0, 1),
          record(TOPIC, 1, 7, null, envelope("t", null, null, null, null)),
          withoutLog(1, 2));
      task.drain();

      assertThat(task.context.rejected).extracting(SinkRecord::kafkaOffset).containsExactly(7L);
      assertThat(task.context.reasons).singleElement().asString().contains("several partitions");
    }
    assertThat(mirrored()).containsExactly("1|at 0", "2|at 1");
  }

  @Test
  void refusesATruncateWithoutTheConfiguredVersion() {
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    settings.put(SinkConfig.VERSION_FIELD, "amount");
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(created(0, 0, 1, 10), truncated(0, 1, 30));
      task.drain();

      assertThat(task.context.rejected).extracting(SinkRecord::kafkaOffset).containsExactly(1L);
    }
    assertThat(mirrored()).containsExactly("1|at 10");
  }
}
