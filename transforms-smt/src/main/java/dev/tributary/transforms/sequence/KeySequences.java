package dev.tributary.transforms.sequence;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import dev.tributary.transforms.state.Usage;

/** What is known of all patterns in the events of one key; an element of a list of keys. */
final class KeySequences {
  final Object key;
  private final SequencePlan plan;

  /** Null where no event has mattered yet. */
  private final PatternState[] states;

  /** The time of the newest event that mattered. */
  private long newestMs = Long.MIN_VALUE;

  /** The keys whose last event came just before and just after this one's. */
  KeySequences older;

  KeySequences newer;

  KeySequences(Object key, SequencePlan plan) {
    this.key = key;
    this.plan = plan;
    this.states = new PatternState[plan.patterns().size()];
  }

  long newestMs() {
    return newestMs;
  }

  /** How many events are kept. */
  long events() {
    long events = 0;
    for (PatternState state : states) {
      events += state == null ? 0 : state.events();
    }
    return events;
  }

  void add(long timeMs, EventFits fits, long untilMs, Sequence[] into, Usage usage) {
    newestMs = Math.max(newestMs, timeMs);
    for (int p = 0; p < states.length; p++) {
      if (!fits.matters(p)) {
        continue;
      }
      if (states[p] == null) {
        states[p] = newState(p);
      }
      if (states[p].isSettled(timeMs)) {
        usage.addDropped();
      } else {
        into[p] = states[p].add(timeMs, fits.steps(p), untilMs);
      }
    }
  }

  private PatternState newState(int pattern) {
    return new PatternState(plan.patterns().get(pattern), plan.maxEvents());
  }

  void write(StateOutput out) {
    out.number(newestMs);
    for (PatternState state : states) {
      out.number(state == null ? 0 : 1);
      if (state != null) {
        state.write(out);
      }
    }
  }

  void read(StateInput in) {
    newestMs = in.number();
    for (int p = 0; p < states.length; p++) {
      if (in.number() == 1) {
        states[p] = newState(p);
        states[p].read(in);
      }
    }
  }

  void find(long timeMs, EventFits fits, Sequence[] into) {
    for (int p = 0; p < states.length; p++) {
      into[p] = states[p] == null ? null : states[p].find(timeMs, fits.steps(p));
    }
  }
}
