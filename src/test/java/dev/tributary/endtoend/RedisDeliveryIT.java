package dev.tributary.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectRest;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * What the Redis sink delivers through a real worker, which is killed at random moments: hashes, by
 * their versions, and streams, by the offsets in Redis, end as the log applied once in its order.
 */
class RedisDeliveryIT {
  private static final int PARTITIONS = 3;
  private static final int USERS = 300;
  private static final int CHUNK = 12_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TOPIC = "delivered";
  private static final String REFUSED = "delivered-refused";
  private static final String HASHES = "delivered-hashes";
  private static final String STREAMS = "delivered-streams";
  private static final String POISONED = "poisoned";

  private static KafkaBroker broker;
  private static RedisServer redis;
  private static ConnectWorker worker;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** Per user the fields that are left, per partition the entries. */
  private final Map<String, Map<String, String>> hashes = new HashMap<>();

  private final List<List<Map<String, String>>> streams = new ArrayList<>();
  private long sent;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    redis = RedisServer.start();
    worker = startWorker();
  }

  private static ConnectWorker startWorker() {
    return ConnectWorker.builder(broker).groupId("redis-delivery").start();
  }

  @AfterAll
  static void stop() {
    worker.close();
    redis.close();
    broker.close();
  }

  @Test
  void endsWithTheLogAppliedOnceInOrder() throws Exception {
    for (int i = 0; i < PARTITIONS; i++) {
      streams.add(new ArrayList<>());
    }
    try (Jedis jedis = jedis()) {
      jedis.set("user:" + POISONED, "not a hash");
    }
    worker.rest().createOrUpdate(HASHES, config("HASH", "user:${key}"));
    worker.rest().createOrUpdate(STREAMS, config("STREAM", "log:${partition}"));
    try (TestTopic topic = TestTopic.create(broker, TOPIC, PARTITIONS)) {
      produce(topic);
      awaitSome();
      worker.kill();
      worker.restart();

      RecordMetadata poison = poison(topic);
      produce(topic);
      awaitSome();
      anotherWorkerTakesOver();

      produce(topic);
      awaitAll();
      assertRefused(poison);
      assertSame();

      worker.rest().pause(STREAMS);
      produce(topic);
      worker.rest().resume(STREAMS);
      awaitAll();
      assertSame();
    }
    readsAgainWhatItIsToldTo();
    assertThat(worker.rest().status(HASHES).tasks()).allMatch(t -> t.state().equals("RUNNING"));
  }

  /** A second worker takes all tasks over as the first is killed, and is killed itself. */
  private void anotherWorkerTakesOver() {
    try (ConnectWorker second = startWorker()) {
      worker.kill();
      await(Math.min(sent, written() + 1));
      worker.restart();
      second.kill();
    }
  }

  /** Offsets are set back, and then forgotten, over REST: those in Redis must follow. */
  private void readsAgainWhatItIsToldTo() {
    ConnectRest rest = worker.rest();
    stopStreams(rest);
    int half = streams.get(0).size() / 2;
    Map<String, Object> first = Map.of("kafka_topic", TOPIC, "kafka_partition", 0);
    Await.untilPasses(
        "the offset to change",
        PATIENCE,
        () ->
            rest.alterOffsets(
                STREAMS, List.of(new ConnectRest.Offset(first, Map.of("kafka_offset", half)))));
    List<Map<String, String>> again = streams.get(0).subList(half, streams.get(0).size());
    streams.set(0, joined(streams.get(0), List.copyOf(again)));
    sent += again.size();
    rest.resume(STREAMS);
    awaitAll();
    assertSame();

    stopStreams(rest);
    Await.untilPasses("the offsets to go", PATIENCE, () -> rest.resetOffsets(STREAMS));
    try (Jedis jedis = jedis()) {
      for (int p = 0; p < PARTITIONS; p++) {
        jedis.del("log:" + p);
      }
    }
    streams.set(0, streams.get(0).subList(0, streams.get(0).size() - again.size()));
    sent -= again.size();
    rest.resume(STREAMS);
    awaitAll();
    assertSame();
  }

  private static void stopStreams(ConnectRest rest) {
    rest.stop(STREAMS);
    Await.until(
        "the tasks to stop",
        PATIENCE,
        () -> rest.status(STREAMS),
        status -> status.tasks().isEmpty());
  }

  private static List<Map<String, String>> joined(
      List<Map<String, String>> first, List<Map<String, String>> second) {
    List<Map<String, String>> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static Map<String, String> config(String type, String key) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", "dev.tributary.redis.RedisFeatureSinkConnector");
    config.put("tasks.max", "2");
    config.put("topics", TOPIC);
    config.put("redis.uri", redis.uri());
    config.put("redis.type", type);
    config.put("redis.key", key);
    config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    config.put("errors.tolerance", "all");
    config.put("errors.deadletterqueue.topic.name", REFUSED);
    config.put("errors.deadletterqueue.topic.replication.factor", "1");
    config.put("errors.deadletterqueue.context.headers.enable", "true");
    return config;
  }

  // the load

  /** Rows are set, deleted and set again. */
  private void produce(TestTopic topic) throws Exception {
    for (int i = 0; i < CHUNK; i++) {
      int user = random.nextInt(USERS);
      if (random.nextInt(6) == 0) {
        send(topic, "u" + user, null, Map.of());
      } else {
        String field = "abc".substring(random.nextInt(3)).substring(0, 1);
        send(
            topic,
            "u" + user,
            "{\"n\":" + sent + ",\"" + field + "\":" + i + "}",
            Map.of("n", Long.toString(sent), field, Integer.toString(i)));
      }
    }
    topic.flush();
  }

  private void send(TestTopic topic, String key, String value, Map<String, String> fields) {
    int partition = Math.floorMod(key.hashCode(), PARTITIONS);
    sent++;
    Map<String, String> entry = new HashMap<>(fields);
    if (value == null) {
      hashes.remove(key);
      entry.putAll(Map.of("key", key, "__deleted", "true"));
    } else if (!key.equals(POISONED)) {
      hashes.computeIfAbsent(key, k -> new HashMap<>()).putAll(fields);
    }
    streams.get(partition).add(entry);
    topic.send(partition, null, key, value);
  }

  /** A record whose hash is a string; the stream takes it. */
  private RecordMetadata poison(TestTopic topic) throws Exception {
    send(topic, POISONED, "{\"n\":\"secret\"}", Map.of("n", "secret"));
    return topic.last();
  }

  private void assertRefused(RecordMetadata of) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition refused = new TopicPartition(REFUSED, 0);
      consumer.assign(List.of(refused));
      consumer.seekToBeginning(List.of(refused));
      List<ConsumerRecord<String, String>> found = new ArrayList<>();
      Await.until(
          "the refused record",
          PATIENCE,
          () -> {
            consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            return !found.isEmpty();
          });
      // a worker that is killed before its offsets are stored reports a record again
      for (ConsumerRecord<String, String> record : found) {
        assertThat(record.key()).isEqualTo(POISONED);
        assertThat(header(record, "__connect.errors.topic")).isEqualTo(TOPIC);
        assertThat(header(record, "__connect.errors.partition"))
            .isEqualTo(Integer.toString(of.partition()));
        assertThat(header(record, "__connect.errors.connector.name")).isEqualTo(HASHES);
        assertThat(header(record, "__connect.errors.exception.message"))
            .contains(
                "topic '" + TOPIC + "', partition " + of.partition() + ", offset " + of.offset(),
                "WRONGTYPE")
            .doesNotContain("secret");
      }
    }
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  // what Redis holds

  private static Jedis jedis() {
    return new Jedis(redis.host(), redis.port(), 60_000);
  }

  /** How many entries there are. */
  private static long written() {
    long all = 0;
    try (Jedis jedis = jedis()) {
      for (int p = 0; p < PARTITIONS; p++) {
        all += jedis.xlen("log:" + p);
      }
    }
    return all;
  }

  /** A random part of what is sent and not written yet. */
  private void awaitSome() {
    long before = written();
    await(before + (long) (random.nextDouble() * (sent - before)));
  }

  private void awaitAll() {
    await(sent);
  }

  private void await(long entries) {
    Await.until(
        entries + " entries in Redis, seed " + seed,
        PATIENCE,
        RedisDeliveryIT::written,
        now -> now >= entries);
  }

  private void assertSame() {
    try (Jedis jedis = jedis()) {
      for (int p = 0; p < PARTITIONS; p++) {
        assertThat(jedis.xrange("log:" + p, (StreamEntryID) null, null))
            .as("partition %s, seed %s", p, seed)
            .extracting(entry -> entry.getFields())
            .isEqualTo(streams.get(p));
      }
      for (int user = 0; user < USERS; user++) {
        String key = "u" + user;
        Map<String, String> expected = hashes.getOrDefault(key, Map.of());
        Await.until(
            "hash of " + key + " to be " + expected + ", seed " + seed,
            PATIENCE,
            () -> hash(jedis, key).equals(expected));
      }
    }
  }

  /** Without the versions in it. */
  private static Map<String, String> hash(Jedis jedis, String key) {
    Map<String, String> hash = jedis.hgetAll("user:" + key);
    hash.keySet().removeIf(name -> name.startsWith("__v:"));
    return hash;
  }
}
