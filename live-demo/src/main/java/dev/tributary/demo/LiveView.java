package dev.tributary.demo;

import dev.tributary.demo.check.Comparison;
import dev.tributary.demo.load.LagProbe;
import dev.tributary.demo.load.ShopLoad;
import dev.tributary.demo.screen.Screen;
import dev.tributary.demo.screen.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisException;

/** Looks at the pipeline once a second and shows it, for as long as the load is to run. */
final class LiveView {
  private static final int USERS_SHOWN = 5;
  private static final int ANOMALIES_SHOWN = 5;

  private final Pipeline pipeline;
  private final ShopLoad load;
  private final LagProbe lag;
  private final Screen screen;

  private List<String> anomalies = List.of();
  private long anomalyCount;

  LiveView(Pipeline pipeline, ShopLoad load, LagProbe lag, Screen screen) {
    this.pipeline = pipeline;
    this.load = load;
    this.lag = lag;
    this.screen = screen;
  }

  /** Returns when the load has run its time, or never. */
  void run(DemoOptions options, WorkerWatch watch) throws InterruptedException {
    long start = System.nanoTime();
    long shownAt = start;
    long shownChanges = 0;
    boolean chaosIsDue = options.chaos();
    while (true) {
      Thread.sleep(1_000);
      long now = System.nanoTime();
      Duration elapsed = Duration.ofNanos(now - start);
      if (options.seconds().map(s -> elapsed.toSeconds() >= s).orElse(false)) {
        return;
      }
      if (chaosIsDue && elapsed.toSeconds() >= options.seconds().orElse(60) / 3) {
        chaosIsDue = false;
        watch.killWorker();
      }
      long changes = load.changes();
      readAnomalies();
      screen.show(
          new Snapshot(
              elapsed,
              (changes - shownChanges) * 1e9 / (now - shownAt),
              changes,
              lag.recent(),
              users(),
              anomalies,
              anomalyCount,
              pipeline.stack().connect().rest().url()));
      shownAt = now;
      shownChanges = changes;
    }
  }

  private Map<Long, Map<String, String>> users() {
    Map<Long, Map<String, String>> users = new LinkedHashMap<>();
    try {
      for (long user : load.mostActive(USERS_SHOWN)) {
        users.put(user, pipeline.redis().hgetAll(Comparison.HASH_PREFIX + user));
      }
    } catch (JedisException e) {
      screen.say("Redis does not answer: " + e.getMessage());
    }
    return users;
  }

  private void readAnomalies() throws InterruptedException {
    try {
      if (pipeline.clickHouse().number("EXISTS TABLE anomalies") == 0) {
        return;
      }
      anomalyCount = pipeline.clickHouse().number("SELECT count() FROM anomalies");
      anomalies =
          pipeline
              .clickHouse()
              .rows(
                  """
                  SELECT concat(formatDateTime(ts, '%H:%i:%S'), '  user ', toString(user_id), '  ',
                    arrayStringConcat(arrayMap(
                      a -> concat(a.feature, ' = ', toString(round(a.value, 2)), ' (z ', toString(round(a.z_score, 1)), ')'),
                      anomalies), ', '))
                  FROM anomalies ORDER BY id DESC LIMIT\s"""
                      + ANOMALIES_SHOWN)
              .stream()
              .map(row -> row[0])
              .toList();
    } catch (IOException e) {
      screen.say("ClickHouse does not answer: " + e.getMessage());
    }
  }
}
