package dev.tributary.endtoend;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.demo.Pipeline;
import dev.tributary.demo.check.Check;
import dev.tributary.demo.check.ClickHouseQuery;
import dev.tributary.demo.load.ShopLoad;
import dev.tributary.stack.Await;
import dev.tributary.stack.ClickHouseServer;
import dev.tributary.stack.ConnectRest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The main job over the packaged plugins in a real worker: whatever is killed in mid-stream, in the
 * end Redis and ClickHouse hold what Postgres holds. One pipeline runs through all the tests, each
 * of which adds to its load; each compares the whole.
 */
@TestMethodOrder(OrderAnnotation.class)
class MainJobIT {
  private static final int USERS = 150;
  private static final int SALES_PARTITIONS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Path ROOT = Path.of(System.getProperty("tributary.root"));

  /** The stack's addresses, for configs that name servers on this machine. */
  private static final Map<String, String> LOCAL_ADDRESSES =
      Map.ofEntries(
          entry("database.hostname", "${env:POSTGRES_HOST}"),
          entry("database.port", "${env:POSTGRES_PORT}"),
          entry("database.user", "${env:POSTGRES_USER}"),
          entry("database.password", "${env:POSTGRES_PASSWORD}"),
          entry("database.dbname", "${env:POSTGRES_DB}"),
          entry("redis.uri", "${env:REDIS_URI}"),
          entry("hostname", "${env:CLICKHOUSE_HOST}"),
          entry("port", "${env:CLICKHOUSE_PORT}"));

  private static Pipeline pipeline;

  /** Of all the loads so far. */
  private static final Set<Long> WILD_EVENTS = new TreeSet<>();

  private static int loads;

  @BeforeAll
  static void startThePipeline() throws Exception {
    pipeline = Pipeline.start(ROOT, System.out::println);
    pipeline.createShop(USERS);
  }

  @AfterAll
  static void stopThePipeline() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  @Order(1)
  void aSnapshotTakenUnderLoadAndTheStreamAfterItMakeOneWhole() throws Exception {
    // The load is on before the connectors are there. One writer, as a snapshot reads rows in the
    // order in which they lie in
    // the table, which only then is sure to be the order of their commits.
    underLoad(1, () -> pipeline.registerConnectors());
  }

  @Test
  @Order(2)
  void theSourcesOffsetsShowPositionsInServerNotation() {
    Map<String, Object> offset =
        pipeline.stack().connect().rest().offsets("shop-postgres").get(0).offset();

    assertThat(offset.get("commit_lsn").toString()).matches("[0-9A-F]{1,8}/[0-9A-F]{1,8}");
  }

  @Test
  @Order(3)
  void nothingIsLostOrDoubledWhenTheWorkerIsKilled() throws Exception {
    underLoad(
        () -> {
          pipeline.stack().connect().kill();
          pipeline.stack().connect().restart();
        });
  }

  @Test
  @Order(4)
  void nothingIsLostOrDoubledWhenPostgresRestarts() throws Exception {
    assumeTrue(pipeline.stack().postgres().restartable(), "a server given by address is not ours");
    underLoad(() -> pipeline.stack().postgres().restart());
  }

  @Test
  @Order(5)
  void nothingIsLostOrDoubledWhenRedisIsKilled() throws Exception {
    assumeTrue(pipeline.stack().redis().restartable(), "a server given by address is not ours");
    underLoad(
        () -> {
          pipeline.stack().redis().kill();
          pipeline.stack().redis().restart();
        });
  }

  @Test
  @Order(6)
  void nothingIsLostOrDoubledWhenClickHouseIsKilled() throws Exception {
    assumeTrue(
        pipeline.stack().clickHouse().restartable(), "a server given by address is not ours");
    underLoad(
        () -> {
          pipeline.stack().clickHouse().kill();
          pipeline.stack().clickHouse().restart();
        });
  }

  @Test
  @Order(7)
  void theConfigsInTheReadmeAreValid() throws Exception {
    Matcher blocks =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")));
    int configs = 0;
    while (blocks.find()) {
      Map<String, String> config = new HashMap<>();
      new ObjectMapper()
          .readTree(blocks.group(1))
          .get("config")
          .properties()
          .forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
      config.put("name", "readme");
      LOCAL_ADDRESSES.forEach((key, address) -> config.replace(key, address));
      config.replaceAll(
          (key, value) -> value.replace("localhost:9092", "${env:KAFKA_BOOTSTRAP_SERVERS}"));
      assertThat(errors(config)).as(config.get("connector.class")).isEmpty();
      configs++;
    }
    assertThat(configs).as("one config for each connector").isEqualTo(3);
  }

  @Test
  @Order(7)
  void salesByMinuteAreWhatTheSalesAddUpTo() throws Exception {
    ShopSales sales = new ShopSales();
    try (TestTopic topic =
        TestTopic.create(pipeline.stack().kafka(), "shop.public.sales", SALES_PARTITIONS)) {
      pipeline
          .stack()
          .connect()
          .rest()
          .createOrUpdate("sales", pipeline.example("clickhouse-sales-by-minute"));
      sales.send(topic, SALES_PARTITIONS, 2_000);
    }
    ClickHouseServer server = pipeline.stack().clickHouse();
    ClickHouseQuery query =
        new ClickHouseQuery(server.httpUrl(), server.database(), server.user(), server.password());

    Await.until(
        "the sales of every minute",
        PATIENCE,
        () -> {
          Map<String, String> totals = new TreeMap<>();
          for (String[] row :
              query.rows(
                  "SELECT concat(category, ' ', toString(toUnixTimestamp(window_start))),"
                      + " concat(toString(sales), ' ', toString(toInt64(revenue * 100))) FROM"
                      + " sales_by_minute_current")) {
            totals.put(row[0], row[1]);
          }
          return totals;
        },
        sales.totals()::equals);
  }

  @Test
  @Order(7)
  void aMistakeInAConfigIsReportedAgainstItsKey() throws Exception {
    assertError(
        "postgres-source",
        "database.password",
        "wrong",
        "database.password",
        "refuses the password of user");
    assertError(
        "postgres-source",
        "table.include.list",
        "public.nope",
        "table.include.list",
        "public.nope");
    assertError("postgres-source", "database.port", "1", "database.hostname", "127.0.0.1:1");
    assertError(
        "redis-user-features",
        "redis.key",
        "user_features:${user_id",
        "redis.key",
        "at character 15");
    assertError(
        "redis-user-features",
        "transforms.features.features",
        "n = count() over 1x",
        "transforms.features.features",
        "1x");
    assertError(
        "redis-user-features",
        "transforms.features.restore.bootstrap.servers",
        "",
        "transforms.features.restore.bootstrap.servers",
        "worker's bootstrap.servers");
    assertError("clickhouse-orders", "database", "nope", "database", "nope");
    assertError("clickhouse-orders", "insert.mode", "upsert", "insert.mode", "append");
  }

  @Test
  @Order(7)
  void aRecordWithoutTheKeyFieldStopsTheTaskWithItsPlaceAndTheField() throws Exception {
    assertThat(failure("keyless", "transforms.features.key", "customer_id"))
        .contains("customer_id", "topic 'shop.public.user_events', partition ", "offset ");
  }

  @Test
  @Order(7)
  void anEventTimeThatCannotBeReadStopsTheTaskWithItsPlaceAndTheField() throws Exception {
    assertThat(failure("timeless", "transforms.features.event.time", "event_type"))
        .contains("event_type", "topic 'shop.public.user_events', partition ", "offset ")
        .doesNotContain("purchase");
  }

  /** The trace of the task of a sink with one setting changed. */
  private static String failure(String name, String key, String value) throws Exception {
    Map<String, String> config = pipeline.example("redis-user-features");
    config.put(key, value);
    config.put("tasks.max", "1");
    ConnectRest rest = pipeline.stack().connect().rest();
    rest.createOrUpdate(name, config);
    try {
      return rest.awaitFailed(name, PATIENCE);
    } finally {
      rest.delete(name);
    }
  }

  private static void assertError(
      String example, String key, String value, String reportedAgainst, String words)
      throws Exception {
    Map<String, String> config = pipeline.example(example);
    config.put("name", "mistaken");
    config.put(key, value);
    assertThat(errors(config)).containsOnlyKeys(reportedAgainst);
    assertThat(errors(config).get(reportedAgainst)).singleElement().asString().contains(words);
  }

  private static Map<String, List<String>> errors(Map<String, String> config) {
    return pipeline
        .stack()
        .connect()
        .rest()
        .validate(config.get("connector.class"), config)
        .errors();
  }

  @FunctionalInterface
  private interface Disturbance {
    void happen() throws Exception;
  }

  private static void underLoad(Disturbance disturbance) throws Exception {
    underLoad(2, disturbance);
  }

  private static void underLoad(int writers, Disturbance disturbance) throws Exception {
    try (ShopLoad load =
        new ShopLoad(
            pipeline.stack().postgres().jdbcUrl(),
            new ShopLoad.Settings(USERS, 500, writers, ++loads))) {
      load.start();
      awaitChanges(load, 1_000);
      disturbance.happen();
      awaitChanges(load, load.changes() + 1_500);
      load.stop();
      WILD_EVENTS.addAll(load.wildEvents());
    }
    List<Check> checks = pipeline.drain(WILD_EVENTS, PATIENCE);
    assertThat(checks)
        .allSatisfy(check -> assertThat(check.differences()).as(check.what()).isEmpty());
    assertThat(checks)
        .allSatisfy(check -> assertThat(check.expected()).as(check.what()).isPositive());
  }

  private static void awaitChanges(ShopLoad load, long changes) {
    Await.until(
        changes + " changes", Duration.ofSeconds(60), load::changes, done -> done >= changes);
  }
}
