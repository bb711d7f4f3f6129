package dev.tributary.bench;

import dev.tributary.bench.clickhouse.ClickHouseSink;
import dev.tributary.bench.clickhouse.ClickHouseTopic;
import dev.tributary.bench.features.Features;
import dev.tributary.bench.features.FeaturesMemory;
import dev.tributary.bench.features.FeaturesWindowLength;
import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.pipeline.PipelineLatency;
import dev.tributary.bench.pipeline.PipelineScaling;
import dev.tributary.bench.redis.RedisSink;
import dev.tributary.bench.source.SourceLatency;
import dev.tributary.bench.source.SourceMemory;
import dev.tributary.bench.source.SourceRestart;
import dev.tributary.bench.source.SourceSnapshot;
import dev.tributary.bench.source.SourceStreaming;
import java.util.List;

/** All benchmarks, in the order in which they run and stand on the page. */
final class Catalog {
  private Catalog() {}

  static List<Benchmark> all() {
    return List.of(
        SourceStreaming.events(),
        SourceStreaming.wide(),
        SourceStreaming.fullUpdates(),
        SourceStreaming.oneTransaction(),
        new SourceLatency(),
        new SourceSnapshot(),
        new SourceRestart(),
        new SourceMemory(),
        Features.counts(),
        Features.zScores(),
        new FeaturesMemory(),
        new FeaturesWindowLength(),
        new RedisSink(),
        new ClickHouseSink(),
        new ClickHouseTopic(),
        new PipelineLatency(false),
        new PipelineLatency(true),
        new PipelineScaling());
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
