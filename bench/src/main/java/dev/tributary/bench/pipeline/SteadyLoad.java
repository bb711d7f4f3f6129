package dev.tributary.bench.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.bench.load.Arrivals;
import dev.tributary.bench.load.CommitClock;
import dev.tributary.stack.Await;
import java.time.Duration;
import java.util.Map;

/** Some seconds of load on the job at one rate, with both targets watched. */
final class SteadyLoad {
  private static final int SAMPLES_PER_SECOND = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long REDIS_PAUSE = 1_000_000;
  private static final long CLICKHOUSE_PAUSE = 50_000_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Job job;
  private final Targets targets;
  private long base = 1_000_000;

  SteadyLoad(Job job, Targets targets) {
    this.job = job;
    this.targets = targets;
  }

  /**
   * What came of it.
   *
   * @param reached rows a second that were committed
   */
  record Outcome(
      double reached, CommitClock commits, Arrivals topic, Probe redis, Probe clickHouse) {}

  /** Runs it and waits until every watched row has arrived. */
  Outcome run(int perSecond, int seconds) throws Exception {
    int rows = perSecond * seconds;
    String insert = Job.INSERT.formatted(Job.USERS, base);
    CommitClock commits = new CommitClock(job.stack().postgres(), insert, rows, perSecond);
    int step = Math.max(1, perSecond / SAMPLES_PER_SECOND);
    Probe redis = new Probe(targets.redis(base), commits::committedAt, rows, step, REDIS_PAUSE);
    Probe clickHouse =
        new Probe(targets.clickHouse(base), commits::committedAt, rows, step, CLICKHOUSE_PAUSE);
    Arrivals topic = topic(rows);
    Thread consumer = topic.start();
    start("probe-redis", redis);
    start("probe-clickhouse", clickHouse);
    try {
      double reached = commits.run();
      Await.until("rows in Redis", PATIENCE, redis::complete);
      Await.until("rows in ClickHouse", PATIENCE, clickHouse::complete);
      consumer.join();
      base += rows;
      return new Outcome(reached, commits, topic, redis, clickHouse);
    } finally {
      topic.stop();
      redis.stop();
      clickHouse.stop();
    }
  }

  /** Sees what the sinks see. */
  private Arrivals topic(int rows) {
    long first = base;
    return new Arrivals(
        Map.of(
            "bootstrap.servers",
            job.stack().kafka().bootstrapServers(),
            "isolation.level",
            job.isolation()),
        job.partitions(),
        rows,
        value -> JSON.readTree(value).at("/after/id").asLong() - first);
  }

  private static void start(String name, Probe probe) {
    Thread thread = new Thread(probe, name);
    thread.setDaemon(true);
    thread.start();
  }
}
