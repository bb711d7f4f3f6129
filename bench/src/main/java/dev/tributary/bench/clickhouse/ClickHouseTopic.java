package dev.tributary.bench.clickhouse;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.stack.Await;
import dev.tributary.stack.ClickHouseServer;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;

/** A topic of JSON without schemas through a worker into a table. */
public final class ClickHouseTopic implements Benchmark {
  private static final String TOPIC = "events";
  private static final int POLL_RECORDS = 5_000;
  private static final int FETCH_BYTES = 4 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "clickhouse-topic";
  }

  @Override
  public String sentence() {
    return "Rows a second from a topic of JSON without schemas, through a Connect worker, into a table.";
  }

  @Override
  public void run(Run run) throws Exception {
    int rows = run.size(1_000_000, 3_000_000);
    try (ClickHouseServer server = ClickHouseServer.start();
        KafkaBroker broker = KafkaBroker.start();
        ConnectWorker worker = ConnectWorker.builder(broker).heap("1g").start();
        Target target = new Target(server, TOPIC)) {
      run.say("writing %,d JSON records", rows);
      write(broker, rows);
      new Contest(run, name(), "rows/s")
          // a worker compiles what it runs for longer than one round takes
          .warmups(2)
          .contestant("tributary", n -> drain(run, worker, target, rows, n))
          .go();
    }
    run.note(
        "clickhouse-kafka-connect is not in Maven's central repository, so it does not run here;"
            + " on a machine of the same size it was read at 79,000 rows/s from such a topic, which"
            + " is a figure of another run and no peer. Wanted of ours: 2.5 times that.");
    run.note(
        "The peer was read with polls of 50,000 rows, as each is an insert of its own. Ours gathers"
            + " rows across polls, so that its consumer reads "
            + POLL_RECORDS
            + " records at a time, and at most "
            + FETCH_BYTES / 1_048_576
            + " MiB of a partition: what a poll brings is done with before the garbage collector has"
            + " to copy it.");
  }

  private static void write(KafkaBroker broker, int rows) throws Exception {
    String servers = broker.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
    AtomicReference<Exception> failure = new AtomicReference<>();
    EventRows events = new EventRows();
    try (JsonConverter json = new JsonConverter();
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "linger.ms", 20, "batch.size", 1 << 18),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      json.configure(
          Map.of(
              "schemas.enable", "false", "converter.type", "value", "decimal.format", "NUMERIC"));
      for (int done = 0; done < rows; done += 1_000) {
        for (SinkRecord record : events.next(Math.min(1_000, rows - done))) {
          Struct row = (Struct) record.value();
          byte[] value = json.fromConnectData(TOPIC, row.schema(), row);
          byte[] key = Long.toString(record.kafkaOffset()).getBytes(StandardCharsets.US_ASCII);
          var unused =
              producer.send(
                  new ProducerRecord<>(TOPIC, key, value),
                  (sent, e) -> failure.compareAndSet(null, e));
        }
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private Measurement drain(Run run, ConnectWorker worker, Target target, int rows, int number)
      throws Exception {
    target.empty();
    String id = "events-" + (number + 1);
    Map<String, String> config = new HashMap<>(target.sinkConfig(100_000));
    config.put("connector.class", "dev.tributary.clickhouse.ClickHouseSinkConnector");
    config.put("topics", TOPIC);
    config.remove("name");
    config.remove("flush.bytes");
    config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    config.put("consumer.override.max.poll.records", Integer.toString(POLL_RECORDS));
    config.put("consumer.override.max.partition.fetch.bytes", Integer.toString(FETCH_BYTES));
    try {
      return run.profiles(number)
          .recorded(
              name(),
              worker.pid(),
              () -> {
                UsageMeter usage = UsageMeter.start();
                worker.rest().createOrUpdate(id, config);
                long first =
                    Await.until("the first rows", PATIENCE, target::count, count -> count > 0);
                long start = System.nanoTime();
                Await.until("all rows", PATIENCE, target::count, count -> count >= rows);
                double seconds = (System.nanoTime() - start) / 1e9;
                ClickHouseSink.expect(target, rows);
                return Measurement.of((rows - first) / seconds, usage.stop());
              });
    } finally {
      worker.rest().delete(id);
    }
  }
}
