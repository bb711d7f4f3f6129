package dev.tributary.demo;

import dev.tributary.demo.check.Check;
import dev.tributary.demo.check.Comparison;
import dev.tributary.demo.load.LagProbe;
import dev.tributary.demo.load.LagProbe.Lag;
import dev.tributary.demo.load.ShopLoad;
import dev.tributary.demo.screen.Screen;
import dev.tributary.stack.StackException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The demo's command: starts the pipeline, drives the load, shows it, and checks the result. */
public final class Demo {
  private static final int EQUAL = 0;
  private static final int DIFFERENT = 1;
  private static final int NOT_STARTED = 2;

  /**
   * How long the pipeline may stand still while it drains; a worker that was killed needs half a
   * minute to come back.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Demo() {}

  /**
   * Runs the demo and exits with 0 (all equal), 1 (something differs) or 2 (something could not
   * start).
   */
  public static void main(String[] args) {
    DemoOptions options;
    try {
      options = DemoOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage() + "; see ./demo --help");
      System.exit(NOT_STARTED);
      return;
    }
    int status;
    try {
      status = run(options);
    } catch (StackException e) {
      System.err.println("demo: " + e.getMessage());
      status = NOT_STARTED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      status = DIFFERENT;
    } catch (Exception e) {
      System.err.println("demo: failed: " + e);
      e.printStackTrace();
      status = DIFFERENT;
    }
    System.exit(status);
  }

  private static int run(DemoOptions options) throws Exception {
    Path root = Path.of(System.getProperty("tributary.root", "")).toAbsolutePath();
    Screen screen = Screen.create(OUT, Boolean.getBoolean("tributary.terminal"));
    Pipeline pipeline = Pipeline.start(root, screen::say);
    WorkerWatch watch = new WorkerWatch(pipeline.stack().connect(), screen::say);
    closeAtTheEnd(Thread.currentThread(), watch, pipeline);
    screen.say("creating the tables user_events and orders");
    pipeline.createShop(options.users());
    screen.say("registering the connectors of config-examples/");
    try {
      pipeline.registerConnectors();
    } catch (StackException | IllegalStateException e) {
      throw new StackException("the connectors do not start: " + e.getMessage(), e);
    }
    screen.say("waiting for the rows of the snapshot to arrive");
    List<Check> snapshot = pipeline.drain(Set.of(), PATIENCE);
    if (!snapshot.stream().allMatch(Check::passed)) {
      print(snapshot);
      return DIFFERENT;
    }
    try (ShopLoad load =
            new ShopLoad(
                pipeline.stack().postgres().jdbcUrl(),
                new ShopLoad.Settings(options.users(), options.changesPerSecond(), 2, 42));
        LagProbe lag = new LagProbe(load, pipeline.redis(), Comparison.HASH_PREFIX)) {
      watch.start();
      load.start();
      lag.start();
      new LiveView(pipeline, load, lag, screen).run(options, watch);
      Lag overall = lag.overall();
      load.stop();
      screen.end();
      OUT.printf(
          Locale.ROOT,
          "%nload stopped: %,d changes; commit to Redis p50 %.0f ms, p99 %.0f ms over %,d probes%n",
          load.changes(),
          overall.p50(),
          overall.p99(),
          overall.samples());
      OUT.println("waiting for the pipeline to drain, comparing with Postgres");
      List<Check> checks = pipeline.drain(load.wildEvents(), PATIENCE);
      print(checks);
      return checks.stream().allMatch(Check::passed) ? EQUAL : DIFFERENT;
    }
  }

  /** However the demo ends, by itself or by Ctrl-C, what it started ends with it, in order. */
  private static void closeAtTheEnd(Thread main, WorkerWatch watch, Pipeline pipeline) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  main.interrupt();
                  watch.close();
                  pipeline.close();
                },
                "demo-shutdown"));
  }

  private static void print(List<Check> checks) {
    OUT.printf("%n%-44s %10s %10s  %s%n", "", "Postgres", "pipeline", "");
    for (Check check : checks) {
      OUT.printf(
          Locale.ROOT,
          "%-44s %,10d %,10d  %s%n",
          check.what(),
          check.expected(),
          check.found(),
          check.passed() ? "equal" : check.differences().size() + " DIFFERENT");
      check.differences().stream().limit(5).forEach(line -> OUT.println("    " + line));
    }
  }
}
