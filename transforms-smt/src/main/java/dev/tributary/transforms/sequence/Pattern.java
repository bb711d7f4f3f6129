package dev.tributary.transforms.sequence;

import dev.tributary.common.config.Durations;
import java.time.Duration;
import java.util.List;

/**
 * Events of a key that follow each other, such as {@code card_testing = small: amount < 10 then
 * large: amount > 1000 within 10m}.
 *
 * @param steps at least two, at most {@link #MAX_STEPS}
 * @param withinMs the time of the last event less this lies before that of the first, at least 1
 */
public record Pattern(String name, List<Step> steps, long withinMs) {
  /** As many as an int has bits. */
  static final int MAX_STEPS = 32;

  public Pattern {
    steps = List.copyOf(steps);
    if (steps.size() < 2 || steps.size() > MAX_STEPS) {
      throw new IllegalArgumentException(
          "a pattern has from 2 to " + MAX_STEPS + " events, and this one " + steps.size());
    }
    if (withinMs < 1) {
      throw new IllegalArgumentException("a sequence within no time has no events");
    }
  }

  /** The names of the steps, in their order. */
  public List<String> stepNames() {
    return steps.stream().map(Step::name).toList();
  }

  /** Whether events matter that fit no step: those that stand between two. */
  boolean isStrict() {
    return steps.stream().skip(1).anyMatch(step -> step.link() == Step.Link.NEXT);
  }

  /** Whether a sequence that began at one time may still hold an event of another. */
  boolean reaches(long firstMs, long lastMs) {
    return firstMs > Times.before(lastMs, withinMs);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(" = ").append(steps.get(0));
    for (Step step : steps.subList(1, steps.size())) {
      text.append(' ').append(step.link()).append(' ').append(step);
    }
    return text.append(" within ").append(Durations.format(Duration.ofMillis(withinMs))).toString();
  }
}
