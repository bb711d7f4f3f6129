package dev.tributary.clickhouse.embedded;

import static dev.tributary.clickhouse.embedded.TestEngine.header;
import static dev.tributary.clickhouse.embedded.TestEngine.newTable;
import static dev.tributary.clickhouse.embedded.TestEngine.post;
import static dev.tributary.clickhouse.embedded.TestEngine.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {

  private static final int THREADS = 8;

  @Test
  void keepsSettingsAndParametersOfSimultaneousRequestsApart() throws Exception {
    inParallel(
        400,
        i ->
            assertThat(
                    post(
                            "max_block_size=" + (1000 + i) + "&param_x=" + i,
                            "SELECT {x:UInt32}, getSetting('max_block_size'), sum(number)"
                                + " FROM numbers(10000)")
                        .body())
                .isEqualTo(i + "\t" + (1000 + i) + "\t49995000\n"));
  }

  @Test
  void losesAndDoublesNothingOfSimultaneousInserts() throws Exception {
    String table = newTable("k UInt32, v UInt32", "MergeTree ORDER BY k");

    inParallel(
        100,
        i -> {
          StringBuilder rows = new StringBuilder("INSERT INTO " + table + " FORMAT CSV\n");
          IntStream.range(0, 500).forEach(n -> rows.append(i).append(',').append(n).append('\n'));
          HttpResponse<String> response = post("", rows.toString());
          assertThat(header(response, "X-ClickHouse-Summary")).contains("\"written_rows\":\"500\"");
        });

    assertThat(run("SELECT count(), uniqExact(k, v) FROM " + table)).isEqualTo("50000\t50000");
  }

  @Test
  void answersQuicklyWhileALongQueryRuns() throws Exception {
    Background slow = new Background(() -> post("query_id=slow", "SELECT sleep(3)"));
    Background.await(
        () -> run("SELECT count() FROM system.processes WHERE query LIKE '%sleep(3)'").equals("1"));

    assertThat(run("SELECT 1")).isEqualTo("1");
    assertThat(run("SELECT count() FROM system.processes WHERE query LIKE '%sleep(3)'"))
        .isEqualTo("1");
    assertThat(slow.result().body()).isEqualTo("0\n");
  }

  private static void inParallel(int count, IntConsumer work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        all.add(threads.submit(() -> work.accept(number)));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
