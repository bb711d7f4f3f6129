package dev.tributary.transforms.chain;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log how far a restore has come, if it is long. */
final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final long SHOW_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  /** From here on a restore is worth a line. */
  private static final long MANY = 1_000;

  private final String what;
  private final long from;
  private final long to;
  private final long started = System.nanoTime();
  private long shown = started;
  private long records;

  Progress(String what, long from, long to) {
    this.what = what;
    this.from = from;
    this.to = to;
  }

  void count() {
    records++;
  }

  void show(long at) {
    long now = System.nanoTime();
    if (now - shown < SHOW_EVERY_NANOS) {
      return;
    }
    shown = now;
    double seconds = (now - started) / 1e9;
    double share = at <= from ? 0 : (at - from) / (double) (to - from);
    LOG.info(
        "Restoring state from {}: {} records, {} per second, {} % of offsets {} to {}, about {} s"
            + " to go. A restore longer than the consumer's max.poll.interval.ms (5 minutes by"
            + " default, consumer.override.max.poll.interval.ms) makes the group rebalance",
        what,
        records,
        Math.round(records / seconds),
        Math.round(share * 100),
        from,
        to,
        share == 0 ? "?" : Math.round(seconds / share - seconds));
  }

  void done() {
    if (records < MANY) {
      LOG.debug("Read {} records of {} again", records, what);
      return;
    }
    double seconds = Math.max(1e-3, (System.nanoTime() - started) / 1e9);
    LOG.info(
        "Restored state from {} records of {} (offsets {} to {}) in {} s, {} per second",
        records,
        what,
        from,
        to,
        Math.round(seconds * 10) / 10.0,
        Math.round(records / seconds));
  }
}
