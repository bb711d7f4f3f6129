package dev.tributary.bench.harness;

import dev.tributary.bench.result.ProcessUsage;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one attempt brought.
 *
 * @param value in the contest's unit
 * @param processes what each process used, by role
 * @param more other numbers, with their unit in the name
 */
public record Measurement(
    double value, Map<String, ProcessUsage> processes, Map<String, Double> more) {
  /** A value alone. */
  public static Measurement of(double value) {
    return new Measurement(value, Map.of(), Map.of());
  }

  /** A value, and what it cost. */
  public static Measurement of(double value, Map<String, ProcessUsage> processes) {
    return new Measurement(value, processes, Map.of());
  }

  /** With another number beside it. */
  public Measurement with(String what, double number) {
    Map<String, Double> all = new LinkedHashMap<>(more);
    all.put(what, number);
    return new Measurement(value, processes, all);
  }
}
