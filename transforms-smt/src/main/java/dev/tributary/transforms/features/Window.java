package dev.tributary.transforms.features;

import dev.tributary.common.config.Durations;
import java.time.Duration;

/** Which of a key's events a feature is made of. */
public sealed interface Window {

  /**
   * The events of the last while before an event, and the event itself.
   *
   * @param lengthMs its length in milliseconds, at least 1
   */
  record Sliding(long lengthMs) implements Window {
    public Sliding {
      if (lengthMs < 1) {
        throw new IllegalArgumentException("a window must be longer than nothing");
      }
    }

    @Override
    public String toString() {
      return Durations.format(Duration.ofMillis(lengthMs));
    }
  }

  /** All events so far. */
  record All() implements Window {
    @Override
    public String toString() {
      return "all";
    }
  }
}
