package dev.tributary.transforms.sequence;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/**
 * What is known of one pattern in the events of one key.
 *
 * <p>Events count in the order of their times. Those that a further one may still come before are
 * kept; what older ones come to is settled, and takes the room of one sequence per step.
 */
final class PatternState {
  private final int maxEvents;
  private final RecentEvents recent = new RecentEvents();

  /** What the events come to that are kept no longer. */
  private final Partials settled;

  /** What all events come to. */
  private final Partials all;

  /** The time of the last settled event. */
  private long settledMs = Long.MIN_VALUE;

  PatternState(Pattern pattern, int maxEvents) {
    this.maxEvents = maxEvents;
    this.settled = new Partials(pattern);
    this.all = new Partials(pattern);
  }

  /** How many events are kept. */
  int events() {
    return recent.size();
  }

  /** Whether an event comes too late to be put among the others, as too many are kept. */
  boolean isSettled(long timeMs) {
    return timeMs < settledMs;
  }

  /**
   * Takes in an event that does not come too late.
   *
   * @param untilMs no further event will be older than this
   * @return the latest sequence that it completes, as of its own time; or null
   */
  Sequence add(long timeMs, int fits, long untilMs) {
    while (recent.size() > 0 && recent.time(0) <= untilMs) {
      settleFirst();
    }
    int at = recent.add(timeMs, fits);
    Sequence complete;
    if (at == recent.size() - 1) {
      complete = all.next(timeMs, fits);
    } else {
      all.copy(settled);
      complete = replay(all, 0, at);
      replay(all, at + 1, recent.size() - 1);
    }
    if (recent.size() > maxEvents) {
      settleFirst();
    }
    return complete;
  }

  /** What an event that is kept completes now; null if it is kept no longer. */
  Sequence find(long timeMs, int fits) {
    for (int i = recent.size() - 1; i >= 0 && recent.time(i) >= timeMs; i--) {
      if (recent.time(i) == timeMs && recent.fits(i) == fits) {
        Partials before = new Partials(settled);
        return replay(before, 0, i);
      }
    }
    return null;
  }

  /** What the last of some events completes. */
  private Sequence replay(Partials partials, int from, int to) {
    Sequence complete = null;
    for (int i = from; i <= to; i++) {
      complete = partials.next(recent.time(i), recent.fits(i));
    }
    return complete;
  }

  void write(StateOutput out) {
    out.number(settledMs);
    settled.write(out);
    recent.write(out);
  }

  void read(StateInput in) {
    settledMs = in.number();
    settled.read(in);
    recent.read(in);
    all.copy(settled);
    replay(all, 0, recent.size() - 1);
  }

  private void settleFirst() {
    settledMs = recent.time(0);
    settled.next(settledMs, recent.fits(0));
    recent.removeFirst();
  }
}
