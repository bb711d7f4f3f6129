package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.envelope;
import static dev.tributary.clickhouse.Records.key;
import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.clickhouse.config.SinkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tables the configs of {@code config-examples/} make of rows, without their transforms. */
class ExamplesTest {
  private static final String DEBEZIUM = "io.debezium.time.";
  private static TestServer server;

  private String database;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void newDatabase() {
    database = server.newDatabase();
  }

  /** The config as it stands, with the addresses that a worker takes from its environment. */
  private Map<String, String> example(String name) throws IOException {
    Path examples = Path.of("config-examples");
    Path folder = Files.exists(examples) ? examples : Path.of("..").resolve(examples);
    Map<String, String> here = server.settings(database);
    Map<String, String> settings = new HashMap<>();
    new ObjectMapper()
        .readTree(folder.resolve(name + ".json").toFile())
        .get("config")
        .properties()
        .forEach(
            entry -> {
              String value = entry.getValue().asText();
              settings.put(
                  entry.getKey(), value.startsWith("${env:") ? here.get(entry.getKey()) : value);
            });
    settings.put("name", name);
    settings.put(SinkConfig.FLUSH_MS, "1");
    return settings;
  }

  @Test
  void mirrorsOrdersAndTheirItemsEachWithAView() throws IOException {
    String orders = "shop.public.orders";
    String items = "shop.public.order_items";
    try (TestTask task =
        new TestTask(
            example("clickhouse-orders-mirror"),
            new TopicPartition(orders, 0),
            new TopicPartition(items, 0))) {
      task.put(
          record(orders, 0, 0, key(1), envelope("c", null, row(1, "new", 5), 10L, 9L)),
          record(items, 0, 0, key(7), envelope("c", null, row(7, "x", 2), 11L, 9L)),
          record(items, 0, 1, key(8), envelope("c", null, row(8, "y", 3), 12L, 9L)),
          record(orders, 0, 1, key(1), envelope("u", null, row(1, "paid", 5), 13L, 12L)),
          record(items, 0, 2, key(7), envelope("d", row(7, "x", 2), null, 14L, 13L)),
          record(items, 0, 3, key(7), null));
      task.drain();
    }

    assertThat(server.query(database, "id,status,amount", "FROM orders_current"))
        .containsExactly("1|paid|5");
    assertThat(server.query(database, "id,status,amount", "FROM order_items_current"))
        .containsExactly("8|y|3");
    assertThat(
            server.query(
                database,
                "name",
                "FROM system.columns WHERE database = currentDatabase() AND table ="
                    + " 'orders_current' ORDER BY name"))
        .containsExactly("amount", "id", "status");
  }

  @Test
  void keepsTheLastWordOnEveryMinuteOfACategory() throws IOException {
    String topic = "shop.public.sales";
    Schema window =
        SchemaBuilder.struct()
            .field("category", Schema.STRING_SCHEMA)
            .field("window_start", SchemaBuilder.int64().name(DEBEZIUM + "Timestamp").build())
            .field("sales", Schema.OPTIONAL_INT64_SCHEMA)
            .field("revenue", Schema.OPTIONAL_FLOAT64_SCHEMA)
            .build();
    try (TestTask task =
        new TestTask(example("clickhouse-sales-by-minute"), new TopicPartition(topic, 0))) {
      task.put(
          record(topic, 0, 0, null, minute(window, "books", 0, 1, 9.5)),
          record(topic, 0, 1, null, minute(window, "games", 0, 1, 20)),
          record(topic, 0, 2, null, minute(window, "books", 60_000, 1, 5)));
      task.drain();
      // a late event corrects its minute, and a replay changes nothing
      task.put(record(topic, 0, 3, null, minute(window, "books", 0, 2, 12.5)));
      task.drain();
    }

    assertThat(
            server.query(
                database,
                "category,window_start,sales,revenue",
                "FROM sales_by_minute_current ORDER BY category, window_start"))
        .containsExactly(
            "books|1970-01-01 00:00:00.000|2|12.5",
            "books|1970-01-01 00:01:00.000|1|5",
            "games|1970-01-01 00:00:00.000|1|20");
  }

  private static Struct minute(
      Schema window, String category, long start, long sales, double revenue) {
    return new Struct(window)
        .put("category", category)
        .put("window_start", start)
        .put("sales", sales)
        .put("revenue", revenue);
  }
}
