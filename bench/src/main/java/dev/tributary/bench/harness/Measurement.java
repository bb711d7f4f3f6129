package dev.tributary.bench.harness;

import dev.tributary.bench.result.ProcessUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one attempt brought.
 *
 * @param value in the contest's unit
 * @param processes what each process used, by role
 * @param more other numbers to stand beside the value, with their unit in the name
 * @param others values of figures of their own, which the same attempt brought
 */
public record Measurement(
    double value,
    Map<String, ProcessUsage> processes,
    Map<String, Double> more,
    List<Other> others) {
  /** A value of another figure than the contest's. */
  public record Other(String figure, String unit, double value) {}

  /** A value alone. */
  public static Measurement of(double value) {
    return of(value, Map.of());
  }

  /** A value, and what it cost. */
  public static Measurement of(double value, Map<String, ProcessUsage> processes) {
    return new Measurement(value, processes, Map.of(), List.of());
  }

  /** With another number beside it. */
  public Measurement with(String what, double number) {
    Map<String, Double> all = new LinkedHashMap<>(more);
    all.put(what, number);
    return new Measurement(value, processes, all, others);
  }

  /** With the value of another figure. */
  public Measurement and(String figure, String unit, double number) {
    List<Other> all = new ArrayList<>(others);
    all.add(new Other(figure, unit, number));
    return new Measurement(value, processes, more, all);
  }

  /** The same with another value. */
  public Measurement valued(double other) {
    return new Measurement(other, processes, more, others);
  }
}
