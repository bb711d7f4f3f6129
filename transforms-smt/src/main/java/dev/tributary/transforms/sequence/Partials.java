package dev.tributary.transforms.sequence;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.List;

/**
 * How far a pattern has come in the events of a key, given one by one in their order.
 *
 * <p>Of all sequences that end with the same step it is enough to know the one whose events are the
 * latest. For each of its events is the latest possible: exchanging two sequences' events for the
 * later ones gives a sequence again. So what can go on within the pattern's time can go on from it.
 */
final class Partials {
  private final Pattern pattern;

  /** Bit s: step s must be the very next event. */
  private final int strict;

  /** Per step but the last one: the latest sequence that ends with it, or null. */
  private final Sequence[] ends;

  /** Bit s: the sequence of step s ends with the last event. */
  private int fresh;

  Partials(Pattern pattern) {
    this.pattern = pattern;
    this.ends = new Sequence[pattern.steps().size() - 1];
    List<Step> steps = pattern.steps();
    int links = 0;
    for (int s = 1; s < steps.size(); s++) {
      links |= steps.get(s).link() == Step.Link.NEXT ? 1 << s : 0;
    }
    this.strict = links;
  }

  /** The same as another, from which it goes on apart. */
  Partials(Partials other) {
    this.pattern = other.pattern;
    this.strict = other.strict;
    this.ends = other.ends.clone();
    this.fresh = other.fresh;
  }

  /** Goes back to what another is, of the same pattern. */
  void copy(Partials other) {
    System.arraycopy(other.ends, 0, ends, 0, ends.length);
    fresh = other.fresh;
  }

  /**
   * Takes in the next event.
   *
   * @param fits the steps that it fits
   * @return the latest sequence of all steps that ends with it, or null
   */
  Sequence next(long timeMs, int fits) {
    Sequence complete = null;
    int freshNow = 0;
    // from behind, so that an event is no step twice in one sequence
    for (int s = ends.length; s >= 0; s--) {
      if ((fits & 1 << s) == 0 || (s > 0 && !canGoOn(s, timeMs))) {
        continue;
      }
      Sequence longer = new Sequence(timeMs, s == 0 ? null : ends[s - 1]);
      if (s == ends.length) {
        complete = longer;
      } else {
        ends[s] = longer;
        freshNow |= 1 << s;
      }
    }
    fresh = freshNow;
    return complete;
  }

  void write(StateOutput out) {
    out.number(fresh);
    for (Sequence end : ends) {
      out.number(end == null ? 0 : 1);
      if (end != null) {
        for (long timeMs : end.times()) {
          out.number(timeMs);
        }
      }
    }
  }

  void read(StateInput in) {
    fresh = in.size();
    for (int s = 0; s < ends.length; s++) {
      Sequence end = null;
      if (in.number() == 1) {
        for (int i = 0; i <= s; i++) {
          end = new Sequence(in.number(), end);
        }
      }
      ends[s] = end;
    }
  }

  private boolean canGoOn(int step, long timeMs) {
    Sequence before = ends[step - 1];
    return before != null
        && pattern.reaches(before.startMs(), timeMs)
        && ((strict & 1 << step) == 0 || (fresh & 1 << (step - 1)) != 0);
  }
}
