package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.demo.Pipeline;
import dev.tributary.demo.check.Check;
import dev.tributary.demo.load.ShopLoad;
import dev.tributary.stack.Await;
import dev.tributary.stack.SchemaRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/**
 * The main job with Avro in Confluent's wire format on the topics, and a schema registry: the
 * converter is a plugin of its own, which sources, sinks and restoring transforms find by name.
 */
class AvroIT {
  private static final String CONVERTER = "io.apicurio.registry.utils.converter.AvroConverter";
  private static final Path ROOT = Path.of(System.getProperty("tributary.root"));
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void theWholeJobRunsOnAvroAndSurvivesAKill() throws Exception {
    try (SchemaRegistry registry = SchemaRegistry.start();
        Pipeline pipeline =
            Pipeline.start(
                ROOT,
                AvroIT::tell,
                Map.of(
                    "plugin.path",
                    ROOT.resolve("target/plugins") + "," + SchemaRegistry.converterPlugins(),
                    // the converter has no service manifest
                    "plugin.discovery",
                    "hybrid_warn"),
                config -> onAvro(config, registry))) {
      pipeline.createShop(50);
      pipeline.registerConnectors();
      try (ShopLoad load =
          new ShopLoad(
              pipeline.stack().postgres().jdbcUrl(), new ShopLoad.Settings(50, 300, 2, 1))) {
        load.start();
        awaitChanges(load, 500);
        pipeline.stack().connect().kill();
        pipeline.stack().connect().restart();
        awaitChanges(load, load.changes() + 500);
        load.stop();

        List<Check> checks = pipeline.drain(load.wildEvents(), PATIENCE);

        assertThat(checks)
            .allSatisfy(check -> assertThat(check.differences()).as(check.what()).isEmpty())
            .allSatisfy(check -> assertThat(check.expected()).as(check.what()).isPositive());
      }
      assertThat(schemaOfFirstValue(pipeline, registry).at("/name").asText()).isEqualTo("Envelope");
    }
  }

  private static Map<String, String> onAvro(Map<String, String> config, SchemaRegistry registry) {
    Map<String, String> adapted = new HashMap<>(config);
    setConverter(adapted, "key.converter", registry);
    setConverter(adapted, "value.converter", registry);
    config.keySet().stream()
        .filter(key -> key.endsWith(".restore.bootstrap.servers"))
        .map(key -> key.replace("bootstrap.servers", "value.converter"))
        .forEach(key -> setConverter(adapted, key, registry));
    return adapted;
  }

  private static void setConverter(
      Map<String, String> config, String key, SchemaRegistry registry) {
    config.put(key, CONVERTER);
    config.put(key + ".apicurio.registry.url", registry.url());
    config.put(key + ".apicurio.registry.auto-register", "true");
    config.put(key + ".apicurio.registry.find-latest", "true");
    config.put(key + ".apicurio.registry.as-confluent", "true");
    config.put(key + ".apicurio.registry.use-id", "contentId");
    config.put(key + ".apicurio.registry.headers.enabled", "false");
  }

  /** Asks the registry, over Confluent's interface, for the id in the first record's bytes. */
  private static JsonNode schemaOfFirstValue(Pipeline pipeline, SchemaRegistry registry)
      throws Exception {
    ByteBuffer value = ByteBuffer.wrap(firstRecord(pipeline).value());
    assertThat(value.get()).as("magic byte").isZero();
    URI schema = URI.create(registry.confluentUrl() + "/schemas/ids/" + value.getInt());
    String answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(schema).build(), BodyHandlers.ofString())
            .body();
    ObjectMapper json = new ObjectMapper();
    return json.readTree(json.readTree(answer).get("schema").asText());
  }

  private static ConsumerRecord<byte[], byte[]> firstRecord(Pipeline pipeline) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, pipeline.stack().kafka().bootstrapServers());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition("shop.public.user_events", 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      return Await.until(
              "a record",
              PATIENCE,
              () -> consumer.poll(Duration.ofSeconds(1)),
              records -> !records.isEmpty())
          .iterator()
          .next();
    }
  }

  private static void tell(String step) {
    System.out.println(step);
  }

  private static void awaitChanges(ShopLoad load, long changes) {
    Await.until(
        changes + " changes", Duration.ofSeconds(60), load::changes, done -> done >= changes);
  }
}
