package dev.tributary.demo.screen;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** One line every few seconds. Used by one thread at a time. */
final class LineLog implements Screen {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final PrintStream out;
  private Duration next = Duration.ZERO;

  LineLog(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void show(Snapshot snapshot) {
    if (snapshot.elapsed().compareTo(next) < 0) {
      return;
    }
    next = snapshot.elapsed().plus(BETWEEN_LINES);
    out.println(
        String.format(
            Locale.ROOT,
            "%4d s  %,6.0f changes/s  %,9d in all  lag p50 %s p99 %s  anomalies %,d  %s",
            snapshot.elapsed().toSeconds(),
            snapshot.changesPerSecond(),
            snapshot.changes(),
            TerminalPage.millis(snapshot.lag().p50()),
            TerminalPage.millis(snapshot.lag().p99()),
            snapshot.anomalyCount(),
            mostActive(snapshot)));
  }

  private static String mostActive(Snapshot snapshot) {
    return snapshot.users().entrySet().stream()
        .findFirst()
        .map(
            user ->
                "most active: user "
                    + user.getKey()
                    + " with "
                    + user.getValue().getOrDefault("event_count_1min", "no")
                    + " events in a minute")
        .orElse("");
  }

  @Override
  public synchronized void say(String line) {
    out.println(line);
  }

  @Override
  public void end() {}
}
