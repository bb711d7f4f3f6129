package dev.tributary.bench.result;

import java.util.Map;

/**
 * One measurement.
 *
 * @param number counted from 1; warm-up rounds are not kept
 * @param value in the figure's unit
 * @param processes what each process used meanwhile, by role: {@code worker}, {@code postgres} ...
 * @param more other numbers of the same round, with their unit in the name
 */
public record Round(
    int number, double value, Map<String, ProcessUsage> processes, Map<String, Double> more) {
  /** Copies the maps. */
  public Round {
    processes = Map.copyOf(processes);
    more = Map.copyOf(more);
  }
}
