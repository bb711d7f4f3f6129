package dev.tributary.demo.screen;

import dev.tributary.demo.check.Comparison;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;

/** A page that is drawn anew in place (ECMA-48 control sequences). Thread-safe. */
final class TerminalPage implements Screen {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";
  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";
  private static final int SAID_KEPT = 4;
  private static final String[] FEATURES = {
    "event_count_1min", "event_count_5min", "event_count_1hr", "total_event_count", "is_anomalous"
  };

  private final PrintStream out;
  private final Deque<String> said = new ArrayDeque<>();
  private boolean live;

  TerminalPage(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void show(Snapshot snapshot) {
    live = true;
    StringBuilder page = new StringBuilder(HOME_AND_CLEAR);
    page.append(BOLD)
        .append("Tributary")
        .append(PLAIN)
        .append("  Postgres -> Kafka -> Redis, ClickHouse");
    page.append(
        String.format(
            Locale.ROOT,
            "%n%n  running %d s   %,.0f changes/s   %,d in all%n",
            snapshot.elapsed().toSeconds(),
            snapshot.changesPerSecond(),
            snapshot.changes()));
    page.append(
        String.format(
            Locale.ROOT,
            "  from commit to Redis: p50 %s, p99 %s (last %d probes)%n",
            millis(snapshot.lag().p50()),
            millis(snapshot.lag().p99()),
            snapshot.lag().samples()));
    users(page, snapshot);
    page.append(
        String.format(
            Locale.ROOT,
            "%n%sLatest anomalies%s (ClickHouse, %,d in all)%n",
            BOLD,
            PLAIN,
            snapshot.anomalyCount()));
    snapshot
        .anomalies()
        .forEach(line -> page.append("  ").append(RED).append(line).append(PLAIN).append('\n'));
    page.append(DIM).append('\n');
    said.forEach(line -> page.append("  ").append(line).append('\n'));
    page.append("  REST ")
        .append(snapshot.restUrl())
        .append("/connectors   stop with Ctrl-C")
        .append(PLAIN)
        .append('\n');
    out.print(page);
    out.flush();
  }

  private static void users(StringBuilder page, Snapshot snapshot) {
    page.append('\n').append(BOLD).append("Most active users").append(PLAIN).append(" (Redis)\n");
    page.append(
        String.format(
            "%s  %-22s %8s %8s %8s %8s  %s%s%n",
            DIM, "hash", "1 min", "5 min", "1 hr", "total", "anomalous", PLAIN));
    for (Map.Entry<Long, Map<String, String>> user : snapshot.users().entrySet()) {
      page.append(String.format("  %-22s", Comparison.HASH_PREFIX + user.getKey()));
      for (String feature : FEATURES) {
        String value = user.getValue().getOrDefault(feature, "-");
        page.append(String.format(feature.startsWith("is_") ? "  %s" : " %8s", value));
      }
      page.append('\n');
    }
  }

  @Override
  public synchronized void say(String line) {
    if (!live) {
      out.println(line);
      return;
    }
    said.addLast(line);
    if (said.size() > SAID_KEPT) {
      said.removeFirst();
    }
  }

  @Override
  public synchronized void end() {
    live = false;
  }

  static String millis(double millis) {
    return Double.isNaN(millis) ? "-" : String.format(Locale.ROOT, "%.0f ms", millis);
  }
}
