package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.table.Column;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** What waits to be done to one table: steps in order, and behind them rows being collected. */
final class Backlog {
  private final Deque<Step> steps = new ArrayDeque<>();
  private Rows open;
  private InFlight inFlight;
  private long oldestNanos;

  /** The rows that are being collected, for rows of these columns. */
  Rows collect(List<Column> columns, long nowNanos) {
    if (open != null && open.columns() != columns) {
      seal();
    }
    if (open == null) {
      startClock(nowNanos);
      open = new Rows(columns);
    }
    return open;
  }

  /** Adds a step behind what was collected so far. */
  void add(Step step, long nowNanos) {
    startClock(nowNanos);
    seal();
    steps.add(step);
  }

  private void startClock(long nowNanos) {
    if (readyCount() == 0 && !hasMoreSteps()) {
      oldestNanos = nowNanos;
    }
  }

  /** What was collected is one step; rows that are added from now on are another. */
  void seal() {
    if (open != null) {
      steps.add(Step.Insert.all(open));
      open = null;
    }
  }

  /** The next step; null where nothing waits but rows that are being collected. */
  Step next() {
    return steps.peek();
  }

  /** The next step is done, or to be done as these. */
  void replaceNext(List<? extends Step> by) {
    steps.remove();
    for (int i = by.size() - 1; i >= 0; i--) {
      steps.addFirst(by.get(i));
    }
  }

  /** The insert that the server has not answered yet; null if there is none. */
  InFlight inFlight() {
    return inFlight;
  }

  /** The next step is under way. */
  void isUnderWay(InFlight started) {
    inFlight = started;
  }

  InFlight noLongerUnderWay() {
    InFlight done = inFlight;
    inFlight = null;
    return done;
  }

  /** Nobody waits for the insert's answer any more: whether it was made is for the table to say. */
  void abandon() {
    if (inFlight != null) {
      replaceNext(List.of(noLongerUnderWay().insert().withAttempt()));
    }
  }

  /** Whether steps wait behind the one that is under way, other than the rows being collected. */
  boolean hasMoreSteps() {
    return steps.size() > (inFlight == null ? 0 : 1);
  }

  /** The inserts among the steps. */
  Stream<Step.Insert> inserts() {
    return steps.stream().filter(Step.Insert.class::isInstance).map(Step.Insert.class::cast);
  }

  /**
   * Drops what waits of these partitions from an offset on; but not what views are yet to get of
   * rows that the table has, as whoever reads these again passes them over.
   */
  void drop(Map<TopicPartition, Long> from) {
    seal();
    Deque<Step> kept = new ArrayDeque<>();
    for (Step step : steps) {
      if (step instanceof Step.Insert insert && insert.isForViews()) {
        kept.add(insert);
      } else if (step instanceof Step.Insert insert) {
        Step.Insert rest = insert.keep((partition, offset) -> isBelow(from, partition, offset));
        if (rest.count() > 0) {
          kept.add(rest);
        }
      } else if (step instanceof Step.Truncate truncate
          && isBelow(from, truncate.partition(), truncate.offset())) {
        kept.add(truncate);
      }
    }
    steps.clear();
    steps.addAll(kept);
  }

  private static boolean isBelow(
      Map<TopicPartition, Long> from, TopicPartition partition, long offset) {
    return offset < from.getOrDefault(partition, Long.MAX_VALUE);
  }

  /** Lowers the offsets to the first of each partition that waits. */
  void lowerTo(Map<TopicPartition, Long> firsts) {
    for (Step step : steps) {
      if (step instanceof Step.Insert insert) {
        lower(firsts, insert.rows(), insert.from(), insert.to());
      } else if (step instanceof Step.Truncate truncate) {
        firsts.merge(truncate.partition(), truncate.offset(), Math::min);
      }
    }
    if (open != null) {
      lower(firsts, open, 0, open.count());
    }
  }

  private static void lower(Map<TopicPartition, Long> firsts, Rows rows, int from, int to) {
    for (int row = from; row < to; row++) {
      firsts.merge(rows.partition(row), rows.offset(row), Math::min);
    }
  }

  boolean isEmpty() {
    return open == null && steps.isEmpty();
  }

  /** Whether something waits that is not under way. */
  boolean isReady() {
    return open != null || hasMoreSteps();
  }

  int rowCount() {
    return (open == null ? 0 : open.count()) + inserts().mapToInt(Step.Insert::count).sum();
  }

  /** Rows that are not under way. */
  int readyCount() {
    int count = open == null ? 0 : open.count();
    for (Step step : steps) {
      count += step instanceof Step.Insert insert ? insert.count() : 0;
    }
    return count - (inFlight == null ? 0 : inFlight.insert().count());
  }

  /** What they take in memory. */
  long readyBytes() {
    return bytes() - (inFlight == null ? 0 : inFlight.insert().rows().heldBytes());
  }

  long bytes() {
    long bytes = open == null ? 0 : open.heldBytes();
    Rows last = null;
    for (Step step : steps) {
      // the parts of an insert that was divided stand side by side and share their rows
      if (step instanceof Step.Insert insert && insert.rows() != last) {
        last = insert.rows();
        bytes += last.heldBytes();
      }
    }
    return bytes;
  }

  long oldestNanos() {
    return oldestNanos;
  }
}
