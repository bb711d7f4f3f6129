package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.stack.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the source delivers through a real worker, which is killed again and again: every row, in
 * order, once, and each transaction of Postgres as a whole.
 */
class SourceDeliveryIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Rows of the large transaction; a million take a minute more. */
  private static final int LARGE = Integer.getInteger("tributary.large.transaction", 200_000);

  private static final int KILLS = 3;

  private static SourceStack stack;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** A row's event, and where it lies in the topic's only partition. */
  private record Event(long offset, int transaction, int id) {}

  @BeforeAll
  static void start() throws Exception {
    stack = SourceStack.start(Map.of("wal_sender_timeout", "2s"));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Map<String, String> config(String name, String... more) {
    Map<String, String> config =
        stack.config(name, "table.include.list", "public." + name, "snapshot.mode", "no_data");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  /** Creates the table and the connector, and waits until changes are streamed. */
  private static void begin(String name, String... more) throws Exception {
    Map<String, String> config = config(name, more);
    stack.worker("required".equals(config.get("exactly.once.support")));
    stack.execute("create table " + name + "(tx int, id int, primary key (tx, id))");
    stack.begin(name, name, config);
  }

  @Test
  void aReadCommittedConsumerSeesALargeTransactionAsAWhole() throws Exception {
    begin(
        "large",
        "exactly.once.support",
        "required",
        "transaction.boundary",
        "connector",
        "producer.override.transaction.timeout.ms",
        "600000");
    ExecutorService small = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> written = small.submit(writer("large", 1, 2, 1_000, 20));
      stack.execute(
          "insert into large select 0, i from generate_series(1, " + LARGE + ") i"); // one commit
      written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      small.shutdownNow();
    }
    List<Event> events = events("large");
    List<Long> markers = assertOnceAndWhole("large", events);
    int transactions = (int) stack.single("select count(distinct tx) from large");
    assertThat(markers.size()).as("Kafka transactions").isLessThan(transactions / 2);
    stack.worker().rest().delete("large");
  }

  @Test
  void aTransactionThatTakesLongerThanTheBrokerLetsItIsSeenOnceTheTimeIsRaised() throws Exception {
    String timeout = "producer.override.transaction.timeout.ms";
    String[] whole = {
      "exactly.once.support", "required", "transaction.boundary", "connector", timeout, "1500"
    };
    begin("slow", whole);
    stack.execute("insert into slow select 1, i from generate_series(1, " + LARGE + ") i");
    assertThat(stack.worker().rest().awaitFailed("slow", PATIENCE))
        .contains("longer than 1500 ms", "Set " + timeout);
    whole[5] = "600000";
    stack.worker().rest().createOrUpdate("slow", config("slow", whole));
    assertOnceAndWhole("slow", events("slow"));
    stack.worker().rest().delete("slow");
  }

  @Test
  void aBrokerThatIsAwayForLongCostsNothing() throws Exception {
    begin(
        "away",
        "exactly.once.support",
        "required",
        "transaction.boundary",
        "connector",
        "max.batch.size",
        "300",
        "max.queue.size",
        "600");
    ExecutorService writers = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> written = writers.submit(writer("away", 0, 1, 200, 200));
      stack.kafka().kill();
      written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      long since = System.nanoTime();
      Await.until(
          "several times wal_sender_timeout to pass",
          PATIENCE,
          () -> System.nanoTime() - since > Duration.ofSeconds(7).toNanos());
      stack.kafka().restart();
    } finally {
      writers.shutdownNow();
    }
    assertOnceAndWhole("away", events("away"));
    stack.worker().rest().awaitRunning("away", 1, PATIENCE);
    stack.worker().rest().delete("away");
  }

  @Test
  void nothingIsLostDoubledOrCutWhereTheWorkerIsKilledAtAnyMoment() throws Exception {
    begin(
        "killed",
        "exactly.once.support",
        "required",
        "transaction.boundary",
        "connector",
        "max.batch.size",
        "300");
    underKills("killed");
    assertOnceAndWhole("killed", events("killed"));
    stack.worker().rest().delete("killed");
  }

  @Test
  void withoutExactlyOnceAKillCostsAContiguousRepeatAtMost() throws Exception {
    begin("repeated", "max.batch.size", "300");
    underKills("repeated");
    List<Event> events = events("repeated");
    Map<String, Integer> order = new LinkedHashMap<>();
    int last = -1;
    for (Event event : events) {
      String row = event.transaction() + "/" + event.id();
      int place = order.computeIfAbsent(row, unseen -> order.size());
      assertThat(place)
          .as("the next row or an earlier one: %s at %s, seed %s", row, event.offset(), seed)
          .isLessThanOrEqualTo(last + 1);
      last = place;
    }
    assertThat((long) order.size()).isEqualTo(stack.single("select count(*) from repeated"));
    stack.worker().rest().delete("repeated");
  }

  /** Loads a table from two writers, and kills the worker at random moments meanwhile. */
  private void underKills(String table) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> written = new ArrayList<>();
      written.add(writers.submit(writer(table, 0, 2, 60, 1500)));
      written.add(writers.submit(writer(table, 1, 2, 300, 30)));
      for (int i = 0; i < KILLS; i++) {
        if (random.nextBoolean()) { // RUNNING is a task before it has connected
          stack.awaitStreaming(table);
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500)); // the moment is what is random
        stack.worker().kill();
        stack.worker().restart();
        stack.worker().rest().awaitRunning(table, 1, PATIENCE);
      }
      for (Future<Integer> each : written) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      writers.shutdownNow();
    }
  }

  /**
   * Writes transactions: rows of one statement or of several, subtransactions that are rolled back,
   * whole transactions that are, logical messages, and empty ones.
   */
  private Callable<Integer> writer(String table, int first, int step, int count, int maxRows) {
    Random chance = new Random(seed + first);
    return () -> {
      try (Connection connection = stack.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        for (int i = 0; i < count; i++) {
          int tx = 1 + first + step * i;
          int rows = 1 + chance.nextInt(maxRows);
          insert(statement, table, tx, 0, rows / 2);
          if (chance.nextInt(5) == 0) {
            Savepoint savepoint = connection.setSavepoint();
            insert(statement, table, tx, rows, rows);
            statement.execute("select pg_logical_emit_message(true, 'p', 'gone')");
            connection.rollback(savepoint);
          }
          if (chance.nextInt(5) == 0) {
            statement.execute("select pg_logical_emit_message(true, 'p', 'c')");
          }
          insert(statement, table, tx, rows / 2, rows - rows / 2);
          if (chance.nextInt(20) == 0) {
            connection.rollback();
          } else {
            connection.commit();
          }
        }
        return count;
      }
    };
  }

  private static void insert(Statement statement, String table, int tx, int from, int rows)
      throws SQLException {
    statement.execute(
        "insert into %s select %d, i from generate_series(%d, %d) i"
            .formatted(table, tx, from, from + rows - 1));
  }

  /**
   * Every row once, each transaction in one piece without the end of a Kafka transaction in it.
   *
   * @return where Kafka transactions ended
   */
  private List<Long> assertOnceAndWhole(String table, List<Event> events) throws Exception {
    List<Long> markers = new ArrayList<>();
    Map<Integer, Integer> seen = new HashMap<>();
    Event before = null;
    for (Event event : events) {
      boolean same = before != null && before.transaction() == event.transaction();
      if (before != null && event.offset() > before.offset() + 1) {
        markers.add(before.offset() + 1);
        assertThat(same).as("transaction %s is cut, seed %s", event.transaction(), seed).isFalse();
      }
      if (!same) {
        assertThat(seen).as("seed %s", seed).doesNotContainKey(event.transaction());
      } else {
        assertThat(event.id()).isGreaterThan(before.id());
      }
      seen.merge(event.transaction(), 1, Integer::sum);
      before = event;
    }
    assertThat(seen).as("seed %s", seed).isEqualTo(rowsByTransaction(table));
    return markers;
  }

  private static Map<Integer, Integer> rowsByTransaction(String table) throws SQLException {
    Map<Integer, Integer> rows = new HashMap<>();
    try (Connection connection = stack.connect();
        Statement statement = connection.createStatement();
        ResultSet counts =
            statement.executeQuery("select tx, count(*) from " + table + " group by tx")) {
      while (counts.next()) {
        rows.put(counts.getInt(1), counts.getInt(2));
      }
    }
    return rows;
  }

  /** What the topic holds, once it holds a last row that is written now. */
  private static List<Event> events(String table) throws Exception {
    stack.execute("insert into " + table + " values (" + Integer.MAX_VALUE + ", 0)");
    List<Event> events = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    try (KafkaConsumer<byte[], byte[]> consumer =
        stack.consumer(List.of(table + ".public." + table))) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (events.isEmpty() || events.get(events.size() - 1).transaction() != Integer.MAX_VALUE) {
        assertThat(System.nanoTime())
            .as("no last row among %s", events.size())
            .isLessThan(deadline);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          JsonNode row = json.readTree(record.value()).get("after");
          events.add(new Event(record.offset(), row.get("tx").asInt(), row.get("id").asInt()));
        }
      }
    }
    return events;
  }
}
