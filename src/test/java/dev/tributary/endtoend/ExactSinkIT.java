package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.RedisServer;
import dev.tributary.stack.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * Features and scores in a sink, under everything that can happen to it: workers killed at any
 * moment, a second one that joins and leaves, offsets set back over REST, Redis killed and paused,
 * records that cannot be written, snapshots of the state that get lost and torn. One hash per event
 * is written, so that at the end not only each user's last features but every event's are compared
 * with an oracle.
 *
 * <p>{@code -Dtributary.exact.events=} and {@code -Dtributary.exact.rounds=} make a longer run,
 * {@code -Dtributary.exact.seed=} repeats one.
 */
class ExactSinkIT {
  private static final int EVENTS = Integer.getInteger("tributary.exact.events", 200_000);
  private static final int ROUNDS = Integer.getInteger("tributary.exact.rounds", 1);
  private static final int USERS = 5_000;
  private static final int PARTITIONS = 4;
  private static final int MOST_SHOWN = 5;
  private static final int PIPELINED = 5_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TOPIC = "exact-events";
  private static final String SINK = "exact-sink";
  private static final String GROUP = "exact";

  @TempDir private static Path snapshots;

  private static KafkaBroker broker;
  private static RedisServer redis;
  private static SinkWorkers workers;

  private final long seed = Long.getLong("tributary.exact.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final ShopEvents events =
      new ShopEvents(random, USERS, System.currentTimeMillis() - 86_400_000L, true);

  /** Per partition what each record must come to, null where it must not be written. */
  private final List<List<Map<String, Object>>> expected = new ArrayList<>();

  private final List<FeatureOracle> oracles = new ArrayList<>();
  private long toWrite;

  /** What happens once, at a random moment of the load. */
  @FunctionalInterface
  private interface Disturbance {
    void happen() throws Exception;
  }

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    redis = RedisServer.start();
    workers = new SinkWorkers(broker, GROUP);
  }

  @AfterAll
  static void stop() {
    workers.close();
    redis.close();
    broker.close();
  }

  @Test
  void everyEventHasTheFeaturesThatTheOracleComputes() throws Exception {
    for (int i = 0; i < PARTITIONS; i++) {
      expected.add(new ArrayList<>());
      oracles.add(new FeatureOracle());
    }
    long blocked = blockARecord();
    List<Disturbance> disturbances = disturbances();
    int phases = disturbances.size() + 1;
    try (TestTopic topic = TestTopic.create(broker, TOPIC, PARTITIONS)) {
      workers.rest().createOrUpdate(SINK, config());
      workers.rest().awaitRunning(SINK, 2, PATIENCE);
      for (Disturbance disturbance : disturbances) {
        long before = written();
        produce(topic, EVENTS * ROUNDS / phases);
        awaitWritten(before + (long) (random.nextDouble() * (toWrite - before)));
        spoilSnapshots();
        disturbance.happen();
      }
      produce(topic, EVENTS * ROUNDS / phases);
    }
    awaitWritten(toWrite);
    assertThat(workers.rest().status(SINK).tasks()).allMatch(t -> t.state().equals("RUNNING"));
    assertThat(differences(blocked)).as("seed %s, %s", seed, events).isEmpty();
  }

  private List<Disturbance> disturbances() {
    List<Disturbance> all = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<Disturbance> some =
          new ArrayList<>(
              List.of(
                  workers::kill,
                  this::joinAndKill,
                  this::joinAndTakeOver,
                  this::rewind,
                  this::rewind,
                  this::killRedis,
                  this::pauseRedis));
      Collections.shuffle(some, random);
      all.addAll(some);
    }
    return all;
  }

  // what happens

  private void joinAndKill() {
    workers.joinAndKill(this::awaitProgress);
  }

  private void joinAndTakeOver() {
    workers.joinAndTakeOver(this::awaitProgress);
  }

  /** Partitions go back by REST; what has been written from there on is deleted before. */
  private void rewind() {
    try (Jedis jedis = jedis()) {
      workers.rewind(
          SINK,
          (partition, reached) -> {
            int to = (int) reached - random.nextInt(1 + (int) reached / (1 + random.nextInt(4)));
            delete(jedis, partition, to, expected.get(partition).size());
            return to;
          });
    }
  }

  private void killRedis() {
    redis.kill();
    redis.restart();
  }

  private void pauseRedis() {
    try (Jedis jedis = jedis()) {
      jedis.clientPause(4_000);
    }
  }

  /** Snapshots may get lost or torn at any time, under the eyes of the tasks. */
  private void spoilSnapshots() throws IOException {
    int how = random.nextInt(3);
    try (Stream<Path> all = Files.walk(snapshots)) {
      for (Path file : all.filter(f -> f.toString().endsWith(".snapshot")).sorted().toList()) {
        if (how == 0) {
          Files.deleteIfExists(file);
        } else if (how == 1 && random.nextBoolean()) {
          Files.write(file, new byte[random.nextInt(1_000)]);
        }
      }
    } catch (UncheckedIOException | NoSuchFileException e) {
      // a task has deleted one that was old
    }
  }

  /** Some more of what has been sent comes to be written, whoever does it. */
  private void awaitProgress() {
    long before = written();
    awaitWritten(Math.min(toWrite, before + 1 + random.nextInt(2_000)));
  }

  /** One event's hash is a string already, so that it cannot be written; the others must be. */
  private static long blockARecord() {
    long offset = 777;
    try (Jedis jedis = jedis()) {
      jedis.set(key(0, offset), "not a hash");
    }
    return offset;
  }

  // the load

  private static Map<String, String> config() {
    Map<String, String> config = new HashMap<>(FeatureOracle.transforms("user", "ts"));
    config.put("connector.class", "dev.tributary.redis.RedisFeatureSinkConnector");
    config.put("tasks.max", "2");
    config.put("topics", TOPIC);
    config.put("redis.uri", redis.uri());
    config.put("redis.key", "event:${partition}:${offset}");
    config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    config.put("errors.tolerance", "all");
    config.put("errors.deadletterqueue.topic.name", "exact-refused");
    config.put("errors.deadletterqueue.topic.replication.factor", "1");
    // so that not all rewinds end within what the task remembers
    config.put("transforms.features.restore.recent.records", "2000");
    config.put("transforms.features.restore.snapshot.dir", snapshots.toString());
    config.put("transforms.features.restore.snapshot.interval", "500ms");
    for (String transform : config.get("transforms").split(",", -1)) {
      String prefix = "transforms." + transform + ".restore.";
      config.put(prefix + "bootstrap.servers", broker.bootstrapServers());
      config.put(prefix + "value.converter.schemas.enable", "false");
    }
    return config;
  }

  private void produce(TestTopic topic, int count) throws ExecutionException, InterruptedException {
    for (int i = 0; i < count; i++) {
      ShopEvent event = events.next();
      int partition = Math.floorMod(String.valueOf(event.user()).hashCode(), PARTITIONS);
      Map<String, Object> fields = oracles.get(partition).next(event, events.now());
      expected.get(partition).add(fields);
      toWrite += fields == null ? 0 : 1;
      topic.send(partition, events.now(), event.user(), event.json());
    }
    topic.flush();
  }

  // what Redis holds

  private static Jedis jedis() {
    return new Jedis(redis.host(), redis.port(), 60_000);
  }

  private static String key(int partition, long offset) {
    return "event:" + partition + ":" + offset;
  }

  private static long written() {
    try (Jedis jedis = jedis()) {
      return jedis.dbSize();
    }
  }

  private void awaitWritten(long events) {
    try {
      Await.until(
          events + " events in Redis", PATIENCE, ExactSinkIT::written, now -> now >= events);
    } catch (StackException e) {
      throw new AssertionError(e.getMessage() + "; seed " + seed + ", " + workers.status(SINK), e);
    }
  }

  private static void delete(Jedis jedis, int partition, int from, int to) {
    Pipeline pipeline = jedis.pipelined();
    for (int offset = from; offset < to; offset++) {
      pipeline.del(key(partition, offset));
    }
    pipeline.sync();
  }

  /** The first differences there are. */
  private List<String> differences(long blocked) {
    List<String> differences = new ArrayList<>();
    try (Jedis jedis = jedis()) {
      for (int p = 0; p < PARTITIONS; p++) {
        List<Map<String, Object>> ofPartition = expected.get(p);
        for (int from = 0; from < ofPartition.size(); from += PIPELINED) {
          int to = Math.min(ofPartition.size(), from + PIPELINED);
          Pipeline pipeline = jedis.pipelined();
          List<Response<Map<String, String>>> found = new ArrayList<>();
          for (int offset = from; offset < to; offset++) {
            found.add(p == 0 && offset == blocked ? null : pipeline.hgetAll(key(p, offset)));
          }
          pipeline.sync();
          for (int offset = from; offset < to && differences.size() < MOST_SHOWN; offset++) {
            if (found.get(offset - from) != null) {
              String difference =
                  difference(ofPartition.get(offset), found.get(offset - from).get());
              if (!difference.isEmpty()) {
                differences.add("partition " + p + ", offset " + offset + ": " + difference);
              }
            }
          }
        }
      }
    }
    return differences;
  }

  private static String difference(Map<String, Object> expected, Map<String, String> found) {
    if (expected == null) {
      return found.isEmpty() ? "" : "it should have been refused";
    }
    return found.isEmpty() ? "it is missing" : FeatureOracle.difference(expected, found);
  }
}
