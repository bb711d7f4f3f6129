package dev.tributary.postgres;

import static dev.tributary.postgres.PartitionedTable.END;
import static dev.tributary.postgres.PartitionedTable.LONG;
import static dev.tributary.postgres.PartitionedTable.VIA_ROOT;
import static dev.tributary.postgres.PartitionedTable.has;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A partitioned table whose rows change and move while the task is cut off again and again. */
class PartitionedRestartTest {
  private final PartitionedTable table = new PartitionedTable();

  @AfterEach
  void close() {
    table.close();
  }

  /**
   * Writers change rows and move them between partitions all the while; the task is cut off at
   * random again and again, in the snapshot and behind it.
   */
  @Test
  void theTopicTellsWhatTheRootHoldsWhereverTheTaskIsCutOff() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    table.execute(
        "create table ev(id int, k int, v text, primary key (id, k)) partition by range (k);"
            + "create table ev_1 partition of ev for values from (0) to (10);"
            + "create table ev_2(v text, k int not null, id int not null);"
            + "alter table ev attach partition ev_2 for values from (10) to (20);"
            + "create table ev_3 partition of ev default partition by hash (id);"
            + "create table ev_3_a partition of ev_3 for values with (modulus 2, remainder 0);"
            + "create table ev_3_b partition of ev_3 for values with (modulus 2, remainder 1);"
            + "insert into ev select i, i % 30, 'v' || i from generate_series(1, 9000) i");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> writers =
        Stream.of(1, 2).map(i -> writer(new Random(seed + i), failure, stop)).toList();
    writers.forEach(Thread::start);
    Replay replay = new Replay("shop.public.ev");
    String[] settings = {
      VIA_ROOT,
      "true",
      "max.batch.size",
      "200",
      "max.queue.size",
      "400",
      "snapshot.max.threads",
      "" + (1 + random.nextInt(3))
    };
    for (int cut = 0; cut < 8; cut++) {
      int most = 1 + random.nextInt(2500);
      try (TaskRunner runner = table.run(settings)) {
        replay.apply(runner.pollUntil(LONG, all -> all.size() >= most));
        runner.storeOffsets();
      }
    }
    stop.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(failure.get()).isNull();
    table.execute("insert into ev values (" + END + ", 0, 'end')");
    try (TaskRunner runner = table.run(settings)) {
      replay.apply(runner.pollUntil(LONG, all -> has(all, END)));
    }
    assertThat(replay.rows().values().stream().map(PartitionedRestartTest::text))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(rows());
    assertThat(replay.doubles()).as("seed %d", seed).isZero();
  }

  private static String text(Map<String, Object> row) {
    return row.get("id") + " " + row.get("k") + " " + row.get("v");
  }

  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = Servers.connect(table.server());
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select id || ' ' || k || ' ' || v from ev")) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  private Thread writer(Random random, AtomicReference<Throwable> failure, AtomicBoolean stop) {
    return new Thread(
        () -> {
          try (Connection connection = Servers.connect(table.server());
              Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
              for (int i = random.nextInt(6); i >= 0; i--) {
                change(statement, random);
              }
              statement.execute("select pg_sleep(" + random.nextInt(20) / 1000.0 + ")");
              if (random.nextInt(10) == 0) {
                connection.rollback();
              } else {
                connection.commit();
              }
            }
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        });
  }

  /** Of each ID there is one row at most, which only the writer that has locked the ID changes. */
  private static void change(Statement statement, Random random) throws SQLException {
    int id = 1 + random.nextInt(10_000);
    int partition = random.nextInt(30);
    try (ResultSet locked =
        statement.executeQuery("select pg_try_advisory_xact_lock(" + id + ")")) {
      locked.next();
      if (!locked.getBoolean(1)) {
        return;
      }
    }
    statement.execute(
        switch (random.nextInt(4)) {
          case 0 ->
              String.format(
                  "insert into ev select %d, %d, 'new' where not exists (select from ev where id = %d)",
                  id, partition, id);
          case 1 -> "update ev set v = v || '.' where id = " + id;
          case 2 -> "update ev set k = " + partition + " where id = " + id;
          default -> "delete from ev where id = " + id;
        });
  }
}
