package dev.tributary.bench.redis;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.bench.sink.LoneTask;
import dev.tributary.redis.RedisFeatureSinkTask;
import dev.tributary.stack.RedisServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;
import redis.clients.jedis.RedisClient;

/** HSET of four fields plus PEXPIRE on one connection, measured at the task's put. */
public final class RedisSink implements Benchmark {
  private static final String UNIT = "hashes/s";
  private static final double WANTED = 0.5;

  /** Connect's own default of max.poll.records. */
  private static final int BATCH = 500;

  @Override
  public String name() {
    return "redis-sink";
  }

  @Override
  public String sentence() {
    return "Hashes of four fields with a TTL a second, at the sink's put, beside redis-benchmark"
        + " -P 100 -c 1 with the same commands.";
  }

  @Override
  public void run(Run run) throws Exception {
    try (RedisServer server = RedisServer.start(List.of("appendonly no"))) {
      Limit limit = Limit.find(server, run);
      measureBothVersions(run, server, limit);
      measureBatches(run, server);
    }
  }

  private void measureBothVersions(Run run, RedisServer server, Limit limit) throws Exception {
    int records = run.size(400_000, 2_000_000);
    Map<String, Figure> figures =
        new Contest(run, "redis-sink", UNIT)
            .contestant(Figure.OURS, n -> put(run, server, Map.of(), records, BATCH, true, n))
            .contestant(limit.name(), n -> limit.measure(records))
            .contestant(
                Figure.OURS + ", redis.version=none",
                n -> put(run, server, Map.of("redis.version", "none"), records, BATCH, false, n))
            .go();
    Figure peer = figures.get(limit.name());
    run.compare("redis-sink", Better.HIGHER, figures.get(Figure.OURS), peer, WANTED);
    run.compare(
        "redis-sink-unversioned",
        Better.HIGHER,
        figures.get(Figure.OURS + ", redis.version=none"),
        peer,
        WANTED);
    run.note(
        "redis-sink is the sink as it comes: each write also compares and stores a version, in a"
            + " script, which redis-benchmark's commands do not. redis-sink-unversioned"
            + " (redis.version=none) sends the same commands as redis-benchmark.");
  }

  private void measureBatches(Run run, RedisServer server) throws Exception {
    for (int batch : new int[] {10, 100, 1_000, 10_000}) {
      int records = Math.min(run.size(100_000, 500_000), batch * run.size(5_000, 20_000));
      new Contest(run, "redis-sink, batches of " + batch, UNIT)
          .contestant(Figure.OURS, n -> put(run, server, Map.of(), records, batch, false, n))
          .go();
    }
  }

  private static Measurement put(
      Run run,
      RedisServer server,
      Map<String, String> more,
      int count,
      int batch,
      boolean profiled,
      int number)
      throws Exception {
    Map<String, String> config = new HashMap<>();
    config.put("name", "bench");
    config.put("redis.uri", server.uri());
    config.put("redis.key", "user_features:${user_id}");
    config.put("redis.key.ttl", "24h");
    config.putAll(more);
    Profiles profiles = profiled ? run.profiles(number) : Profiles.none();
    empty(server);
    return profiles.recorded(
        "redis-sink", ProcessHandle.current().pid(), () -> put(config, count, batch));
  }

  private static Measurement put(Map<String, String> config, int count, int batch) {
    FeatureRecords records = new FeatureRecords();
    try (LoneTask task =
        new LoneTask(new RedisFeatureSinkTask(), FeatureRecords.PARTITION, config)) {
      UsageMeter usage = UsageMeter.start();
      for (int done = 0; done < count; done += batch) {
        List<SinkRecord> next = records.next(batch);
        task.put(next, records.end());
      }
      task.finish();
      return Measurement.of(records.end() / task.seconds(), usage.stop());
    }
  }

  private static void empty(RedisServer server) {
    try (RedisClient client = RedisClient.create(server.uri())) {
      client.flushAll();
    }
  }

  /** The peer: redis-benchmark, or where it is not to be had, a client that does the same. */
  private record Limit(String name, RedisServer server, Optional<RedisBenchmarkProgram> program) {
    private static final String KEY = "user_features:__rand_int__";

    static Limit find(RedisServer server, Run run) throws Exception {
      Optional<RedisBenchmarkProgram> program = RedisBenchmarkProgram.find();
      run.fact(
          "peer",
          program
              .map(RedisBenchmarkProgram::version)
              .orElse("redis-benchmark is not on this machine; a client of ours does the same"));
      String name = program.isPresent() ? "redis-benchmark" : "pipelined-client";
      return new Limit(name, server, program);
    }

    /** It sends one kind of command at a time; a hash takes one of each. */
    Measurement measure(int hashes) throws Exception {
      empty(server);
      UsageMeter usage = UsageMeter.start();
      double sets =
          rate(
              hashes,
              "HSET",
              KEY,
              "user_id",
              "1234",
              "event_count_1min",
              "17",
              "event_count_1hr",
              "1703",
              "spend_1h",
              "1234.56");
      double expiries = rate(hashes, "PEXPIRE", KEY, "86400000");
      return Measurement.of(1 / (1 / sets + 1 / expiries), usage.stop())
          .with("HSET/s", sets)
          .with("PEXPIRE/s", expiries);
    }

    private double rate(int requests, String... command) throws Exception {
      return program.isPresent()
          ? program.get().rate(server, requests, FeatureRecords.USERS, command)
          : PipelinedClient.rate(server, requests, FeatureRecords.USERS, command);
    }
  }
}
