package dev.tributary.bench;

import dev.tributary.bench.clickhouse.ClickHouseSink;
import dev.tributary.bench.features.Features;
import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.redis.RedisSink;
import java.util.List;

/** All benchmarks, in the order in which they run and stand on the page. */
final class Catalog {
  private Catalog() {}

  static List<Benchmark> all() {
    return List.of(Features.counts(), Features.zScores(), new RedisSink(), new ClickHouseSink());
  }

  /**
   * The benchmark of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Benchmark named(String name) {
    return all().stream()
        .filter(benchmark -> benchmark.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no benchmark '" + name + "'; bench/run list tells which there are"));
  }

  /** Refuses words that mean nothing, before anything is started. */
  static void check(List<String> words) {
    if (!List.of("list", "all", "report").contains(words.get(0))) {
      words.forEach(Catalog::named);
    }
  }
}
