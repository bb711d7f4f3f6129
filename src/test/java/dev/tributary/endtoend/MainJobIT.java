package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.demo.Pipeline;
import dev.tributary.demo.check.Check;
import dev.tributary.demo.load.ShopLoad;
import dev.tributary.stack.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Pipeline pipeline;

  /** Of all the loads so far. */
  private static final Set<Long> WILD_EVENTS = new TreeSet<>();

  private static int loads;

  @BeforeAll
  static void startThePipeline() throws Exception {
    pipeline = Pipeline.start(Path.of(System.getProperty("tributary.root")), System.out::println);
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
    underLoad(() -> pipeline.stack().postgres().restart());
  }

  @Test
  @Order(5)
  void nothingIsLostOrDoubledWhenRedisIsKilled() throws Exception {
    underLoad(
        () -> {
          pipeline.stack().redis().kill();
          pipeline.stack().redis().restart();
        });
  }

  @Test
  @Order(6)
  void nothingIsLostOrDoubledWhenClickHouseIsKilled() throws Exception {
    underLoad(
        () -> {
          pipeline.stack().clickHouse().kill();
          pipeline.stack().clickHouse().restart();
        });
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
