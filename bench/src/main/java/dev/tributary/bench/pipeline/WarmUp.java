package dev.tributary.bench.pipeline;

import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.CompileTime;
import dev.tributary.bench.measure.Processes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Load that is not counted, until the compilers of worker and broker have next to nothing left to
 * do: a worker of some minutes' age is what users have, and on few cores compilers that work beside
 * it are most of what slow events wait for.
 */
final class WarmUp {
  private static final List<String> JVMS = List.of("worker", "kafka");
  private static final double QUIET = 0.05;

  private final Run run;
  private final Piece piece;
  private final CompileClock clock;

  /** Some seconds of load. */
  @FunctionalInterface
  interface Piece {
    void run() throws Exception;
  }

  /** How long the compilers of each JVM have worked so far, in seconds. */
  @FunctionalInterface
  interface CompileClock {
    Map<String, Double> seconds() throws IOException;
  }

  WarmUp(Run run, Piece piece) {
    this(run, piece, WarmUp::compileSeconds);
  }

  WarmUp(Run run, Piece piece, CompileClock clock) {
    this.run = run;
    this.piece = piece;
    this.clock = clock;
  }

  /** Goes on until it is quiet, at most for that many pieces. */
  void run(int pieces) throws Exception {
    Map<String, Double> busy = Map.of();
    for (int n = 0; n < pieces; n++) {
      Map<String, Double> before = clock.seconds();
      long start = System.nanoTime();
      piece.run();
      double seconds = (System.nanoTime() - start) / 1e9;
      busy = new LinkedHashMap<>();
      for (Map.Entry<String, Double> now : clock.seconds().entrySet()) {
        busy.put(now.getKey(), (now.getValue() - before.get(now.getKey())) / seconds);
      }
      run.say("warming up, compilers busy: %s", told(busy));
      if (busy.values().stream().allMatch(share -> share < QUIET)) {
        break;
      }
    }
    run.fact("compilers busy at the end of the warm-up", told(busy));
  }

  private static Map<String, Double> compileSeconds() throws IOException {
    Map<String, Double> seconds = new LinkedHashMap<>();
    Map<String, Long> pids = Processes.byRole();
    for (String jvm : JVMS) {
      if (pids.containsKey(jvm)) { // a broker that was given by its address is no process of ours
        seconds.put(jvm, CompileTime.seconds(pids.get(jvm)));
      }
    }
    return seconds;
  }

  private static String told(Map<String, Double> busy) {
    return busy.entrySet().stream()
        .map(jvm -> String.format(Locale.ROOT, "%s %.0f %%", jvm.getKey(), jvm.getValue() * 100))
        .collect(Collectors.joining(", "));
  }
}
