package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Check;

/**
 * What features read of one event: a value per field of the plan ({@link WindowPlan#fields}), as a
 * number, too, where the plan needs it so. Made once per task and filled anew for each event.
 */
public final class EventValues {
  final Object[] values;
  final Number[] numbers;

  /** Per condition of the plan: whether it holds. */
  final boolean[] holds;

  /** Per column of counts: whether the event counts. */
  final boolean[] counts;

  public EventValues(WindowPlan plan) {
    values = new Object[plan.fields().size()];
    numbers = new Number[plan.fields().size()];
    holds = new boolean[plan.checks().length];
    counts = new boolean[plan.counts().columns().length];
  }

  /**
   * Sets a field.
   *
   * @param value Connect's value, or a BigDecimal for what holds one; null if it is null or missing
   * @param number the value as a number that is finite; null if there is none or none is needed
   */
  public void set(int field, Object value, Number number) {
    values[field] = value;
    numbers[field] = number;
  }

  /** Asks all conditions. */
  void check(WindowPlan plan) {
    Check[] checks = plan.checks();
    for (int i = 0; i < checks.length; i++) {
      holds[i] = checks[i].holds(values);
    }
    CountPlan.Column[] columns = plan.counts().columns();
    for (int i = 0; i < columns.length; i++) {
      counts[i] = columns[i].takes(this);
    }
  }
}
