package dev.tributary.transforms.sequence;

import dev.tributary.transforms.language.Check;

/**
 * Which steps of the patterns one event fits, told from the values of its fields ({@link
 * SequencePlan#fields}). Made once per task and filled anew for each event.
 */
public final class EventFits {
  private final SequencePlan plan;
  private final boolean[] strict;
  private final Object[] values;
  private final boolean[] holds;
  private final int[] steps;

  public EventFits(SequencePlan plan) {
    this.plan = plan;
    this.values = new Object[plan.fields().size()];
    this.holds = new boolean[plan.checks().length];
    this.steps = new int[plan.patterns().size()];
    this.strict = new boolean[steps.length];
    for (int p = 0; p < steps.length; p++) {
      strict[p] = plan.patterns().get(p).isStrict();
    }
  }

  /**
   * Sets a field.
   *
   * @param value Connect's value, or a BigDecimal for what holds one; null if it is null or missing
   */
  public void set(int field, Object value) {
    values[field] = value;
  }

  /** Asks all conditions; after all fields are set. */
  public void check() {
    Check[] checks = plan.checks();
    for (int i = 0; i < checks.length; i++) {
      holds[i] = checks[i].holds(values);
    }
    for (int p = 0; p < steps.length; p++) {
      int[] ofSteps = plan.stepChecks(p);
      int fits = 0;
      for (int s = 0; s < ofSteps.length; s++) {
        fits |= holds[ofSteps[s]] ? 1 << s : 0;
      }
      steps[p] = fits;
    }
  }

  /** The steps of a pattern that the event fits, a bit for each. */
  int steps(int pattern) {
    return steps[pattern];
  }

  /** Whether the event matters to a pattern. */
  boolean matters(int pattern) {
    return steps[pattern] != 0 || strict[pattern];
  }

  /** Whether the event matters to any pattern. */
  boolean matters() {
    for (int p = 0; p < steps.length; p++) {
      if (matters(p)) {
        return true;
      }
    }
    return false;
  }
}
