package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debezium's connector and ours over {@link RandomWorkload}s. {@code -Dtributary.seeds=1000} runs
 * that many, {@code -Dtributary.seed=N} starts at another one than 1.
 */
class RandomDifferentialTest {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static LongStream seeds() {
    long first = Long.getLong("tributary.seed", 1);
    return LongStream.range(first, first + Long.getLong("tributary.seeds", 4));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void writesTheRecordsThatDebeziumWrites(long seed) throws Exception {
    RandomWorkload workload = new RandomWorkload(seed);
    String run = "seed " + seed + " (" + written(seed, workload) + ") with " + workload.settings();
    try (BothConnectors both = new BothConnectors(server, workload.settings())) {
      BothConnectors.Outcome outcome = both.run(workload);
      assertThat(Differences.of(outcome.ours(), outcome.theirs())).as(run).isEmpty();
      assertThat(outcome.ours()).as(run).hasSizeGreaterThan(40);
    }
  }

  /** Where to read what is run; the seed gives the same again. */
  private static Path written(long seed, RandomWorkload workload) throws IOException {
    Path file = Path.of("target", "random-differential", "seed-" + seed + ".sql");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, workload.settings() + "\n" + workload);
  }
}
