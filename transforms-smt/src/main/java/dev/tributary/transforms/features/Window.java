package dev.tributary.transforms.features;

import dev.tributary.common.config.Durations;
import java.time.Duration;

/** Which of a key's events a feature is made of. {@link WindowPlan} says which exactly. */
public sealed interface Window {

  /**
   * The events of the last while before an event, and the event itself.
   *
   * @param lengthMs its length in milliseconds, at least 1
   */
  record Sliding(long lengthMs) implements Window {
    public Sliding {
      positive(lengthMs);
    }

    @Override
    public String toString() {
      return shown(lengthMs);
    }
  }

  /**
   * Windows of one length that begin at every multiple of a hop since 1970 (UTC). An event sees the
   * earliest that it lies in: the one that ends next. Where hop and length are equal they are
   * tumbling windows.
   *
   * @param lengthMs a multiple of the hop
   */
  record Hopping(long lengthMs, long hopMs) implements Window {
    public Hopping {
      positive(lengthMs);
      positive(hopMs);
      if (lengthMs % hopMs != 0) {
        throw new IllegalArgumentException(
            "the length of a hopping window must be a multiple of its hop, and "
                + shown(lengthMs)
                + " is none of "
                + shown(hopMs));
      }
    }

    /** The end of the window that an event sees: the first moment after it. */
    public long end(long timeMs) {
      return (Math.floorDiv(timeMs, hopMs) + 1) * hopMs;
    }

    /** Its first moment. */
    public long start(long timeMs) {
      return end(timeMs) - lengthMs;
    }

    @Override
    public String toString() {
      return hopMs == lengthMs
          ? "tumbling " + shown(lengthMs)
          : "hopping " + shown(lengthMs) + " by " + shown(hopMs);
    }
  }

  /**
   * The events that follow each other without a pause longer than a gap.
   *
   * @param gapMs the longest pause; {@link #ENDLESS} for all events up to the one in hand
   */
  record Session(long gapMs) implements Window {
    /** No pause ends it. */
    static final long ENDLESS = Long.MAX_VALUE;

    public Session {
      positive(gapMs);
    }

    @Override
    public String toString() {
      return "session " + shown(gapMs);
    }
  }

  /** All events so far, as they came, late ones too. */
  record All() implements Window {
    @Override
    public String toString() {
      return "all";
    }
  }

  private static void positive(long ms) {
    if (ms < 1) {
      throw new IllegalArgumentException("a window must be longer than nothing");
    }
  }

  private static String shown(long ms) {
    return Durations.format(Duration.ofMillis(ms));
  }
}
