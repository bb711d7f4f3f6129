package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.demo.check.ClickHouseQuery;
import dev.tributary.stack.Await;
import dev.tributary.stack.BadNetwork;
import dev.tributary.stack.ClickHouseServer;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.StackException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rows in ClickHouse, under everything that can happen to them: workers and the server killed at
 * any moment, a second worker that joins and leaves, connections cut in the middle of an insert,
 * answers that get lost after the insert happened, offsets set back over REST. At the end every
 * record is there once, and a mirror has the last word on every key.
 *
 * <p>{@code -Dtributary.exact.rows=} and {@code -Dtributary.exact.rounds=} make a longer run,
 * {@code -Dtributary.exact.seed=} repeats one.
 */
class ExactClickHouseIT {
  private static final int ROWS = Integer.getInteger("tributary.exact.rows", 200_000);
  private static final int ROUNDS = Integer.getInteger("tributary.exact.rounds", 1);
  private static final int KEYS = 2_000;
  private static final int PARTITIONS = 4;
  private static final Duration UNANSWERED = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TOPIC = "exact-rows";
  private static final String APPEND = "exact-append";
  private static final String MIRROR = "exact-mirror";

  private static KafkaBroker broker;
  private static ClickHouseServer server;
  private static BadNetwork network;
  private static SinkWorkers workers;
  private static ClickHouseQuery query;

  private final long seed = Long.getLong("tributary.exact.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final long[] sent = new long[PARTITIONS];
  private final long[] sums = new long[PARTITIONS];
  private final long[] lastOfKey = new long[KEYS];

  /** What happens once, at a random moment of the load. */
  @FunctionalInterface
  private interface Disturbance {
    void happen() throws Exception;
  }

  @BeforeAll
  static void start() throws Exception {
    broker = KafkaBroker.start();
    server = ClickHouseServer.start();
    network = new BadNetwork(server.host(), server.port());
    workers = new SinkWorkers(broker, "exact-clickhouse");
    query =
        new ClickHouseQuery(server.httpUrl(), server.database(), server.user(), server.password());
    for (String table : List.of("exact_append", "exact_mirror")) {
      query.rows("DROP TABLE IF EXISTS " + table);
    }
    query.rows(
        "CREATE TABLE exact_append (k UInt32, v Int64, text String, _topic LowCardinality(String),"
            + " _partition Int32, _offset Int64) ENGINE = MergeTree ORDER BY (_topic, _partition,"
            + " _offset)");
    query.rows(
        "CREATE TABLE exact_mirror (k UInt32, v Int64, _version UInt64, _deleted UInt8) ENGINE ="
            + " ReplacingMergeTree(_version, _deleted) ORDER BY k");
  }

  @AfterAll
  static void stop() {
    workers.close();
    network.close();
    server.close();
    broker.close();
  }

  @Test
  void everyRecordIsThereOnce() throws Exception {
    List<Disturbance> disturbances = disturbances();
    int phases = disturbances.size() + 1;
    try (TestTopic topic = TestTopic.create(broker, TOPIC, PARTITIONS)) {
      workers.rest().createOrUpdate(APPEND, config("exact_append", "append"));
      workers.rest().createOrUpdate(MIRROR, config("exact_mirror", "mirror"));
      for (Disturbance disturbance : disturbances) {
        long before = written();
        produce(topic, ROWS * ROUNDS / phases);
        awaitWritten(before + (long) (random.nextDouble() * (total() - before)));
        disturbance.happen();
      }
      produce(topic, ROWS * ROUNDS / phases);
    }
    awaitWritten(total());
    awaitMirror();

    assertThat(rows("SELECT _partition, count(), uniqExact(_offset), sum(v) FROM exact_append"))
        .as("seed %s", seed)
        .isEqualTo(expected());
    for (String sink : List.of(APPEND, MIRROR)) {
      workers.rest().awaitRunning(sink, 2, PATIENCE);
    }
    assertThat(network.cuts()).isPositive();
  }

  private List<Disturbance> disturbances() {
    List<Disturbance> all = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      all.addAll(
          List.of(
              workers::kill,
              () -> workers.joinAndKill(this::awaitProgress),
              () -> workers.joinAndTakeOver(this::awaitProgress),
              this::rewind,
              this::cutInserts,
              this::loseAnswers));
      if (server.restartable()) {
        all.add(this::killTheServer);
      }
    }
    Collections.shuffle(all, random);
    return all;
  }

  // what happens

  private void killTheServer() {
    server.kill();
    server.restart();
  }

  /** Several inserts are cut, each after some of its bytes. */
  private void cutInserts() {
    for (int i = 0; i < 3; i++) {
      int before = network.cuts();
      network.cutAfter(random.nextInt(200_000));
      Await.until("a cut", PATIENCE, () -> network.cuts() > before || written() == total());
    }
    network.heal();
  }

  /**
   * Inserts happen, and nobody is told of it. A task that starts, or tries again, asks before it
   * inserts, and does nothing for want of an answer: then it is given one, and it happens later.
   */
  private void loseAnswers() {
    for (boolean inserted = false; !inserted; ) {
      long some = Math.min(total(), written() + 1);
      network.loseAnswers();
      inserted = isWritten(some);
      network.heal();
      awaitWritten(some);
    }
  }

  private static boolean isWritten(long rows) {
    try {
      Await.until("an insert", UNANSWERED, ExactClickHouseIT::written, now -> now >= rows);
      return true;
    } catch (StackException e) {
      return false;
    }
  }

  /** Partitions go back by REST; the table has what comes again. */
  private void rewind() {
    workers.rewind(APPEND, (partition, reached) -> random.nextInt(1 + (int) reached));
  }

  private void awaitProgress() {
    awaitWritten(Math.min(total(), written() + 1 + random.nextInt(5_000)));
  }

  // the load

  private static Map<String, String> config(String table, String mode) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", "dev.tributary.clickhouse.ClickHouseSinkConnector");
    config.put("tasks.max", "2");
    config.put("topics", TOPIC);
    config.put("hostname", "127.0.0.1");
    config.put("port", String.valueOf(network.port()));
    config.put("ssl", "false");
    config.put("database", server.database());
    config.put("username", server.user());
    config.put("password", server.password());
    config.put("table", table);
    config.put("insert.mode", mode);
    config.put("extra.fields", "ignore");
    config.put("order.by", mode.equals("mirror") ? "k" : "");
    config.put("flush.rows", "3000");
    config.put("flush.ms", "200");
    config.put("timeoutSeconds", "3");
    config.put("consumer.override.max.poll.records", "1000");
    config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    return config;
  }

  private void produce(TestTopic topic, int count) throws ExecutionException, InterruptedException {
    for (int i = 0; i < count; i++) {
      int key = random.nextInt(KEYS);
      int partition = key % PARTITIONS;
      long value = random.nextInt();
      topic.send(
          partition,
          null,
          String.valueOf(key),
          "{\"k\":" + key + ",\"v\":" + value + ",\"text\":\"row " + i + " of a phase\"}");
      sent[partition]++;
      sums[partition] += value;
      lastOfKey[key] = value;
    }
    topic.flush();
  }

  private long total() {
    long total = 0;
    for (long each : sent) {
      total += each;
    }
    return total;
  }

  // what ClickHouse holds

  private List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (int p = 0; p < PARTITIONS; p++) {
      expected.add(String.join(",", p + "", sent[p] + "", sent[p] + "", sums[p] + ""));
    }
    return expected;
  }

  private static List<String> rows(String select) throws IOException, InterruptedException {
    return query.rows(select + " GROUP BY _partition ORDER BY _partition").stream()
        .map(row -> String.join(",", row))
        .toList();
  }

  private static long written() throws StackException {
    try {
      return query.number("SELECT count() FROM exact_append");
    } catch (IOException e) {
      throw new StackException("ClickHouse does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted");
    }
  }

  private void awaitWritten(long rows) {
    try {
      Await.until(
          rows + " rows in ClickHouse", PATIENCE, ExactClickHouseIT::written, now -> now >= rows);
    } catch (StackException e) {
      throw new AssertionError(
          e.getMessage() + "; seed " + seed + ", " + workers.status(APPEND), e);
    }
  }

  /** The mirror has the last value of every key. */
  private void awaitMirror() {
    Map<String, String> expected = new HashMap<>();
    for (int key = 0; key < KEYS; key++) {
      expected.put(String.valueOf(key), String.valueOf(lastOfKey[key]));
    }
    Await.until(
        "the mirror, seed " + seed,
        PATIENCE,
        () -> {
          Map<String, String> found = new HashMap<>();
          for (String[] row :
              query.rows("SELECT k, v FROM exact_mirror FINAL WHERE _deleted = 0")) {
            found.put(row[0], row[1]);
          }
          return found;
        },
        expected::equals);
  }
}
