package dev.tributary.transforms.sequence;

import dev.tributary.transforms.language.Check;
import dev.tributary.transforms.language.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of patterns made ready: which fields and conditions they read, and how long events matter.
 */
public final class SequencePlan {
  private final List<Pattern> patterns;
  private final List<String> fields;
  private final Check[] checks;

  /** Per pattern and step: which of the checks. */
  private final int[][] stepChecks;

  private final long graceMs;
  private final int maxEvents;

  /**
   * Plans.
   *
   * @param graceMs how far an event may lie behind the newest of its partition; negative for the
   *     longest {@code within}
   * @param maxEvents how many events are kept at most, per key and pattern, as others may come that
   *     belong in between
   */
  public SequencePlan(List<Pattern> patterns, long graceMs, int maxEvents) {
    this.patterns = List.copyOf(patterns);
    this.graceMs = graceMs < 0 ? longest() : graceMs;
    this.maxEvents = maxEvents;
    Map<String, Integer> positions = new LinkedHashMap<>();
    List<Condition> conditions = new ArrayList<>();
    this.stepChecks = new int[patterns.size()][];
    for (int p = 0; p < stepChecks.length; p++) {
      List<Step> steps = patterns.get(p).steps();
      stepChecks[p] = new int[steps.size()];
      for (int s = 0; s < stepChecks[p].length; s++) {
        Condition condition = steps.get(s).condition();
        if (!conditions.contains(condition)) {
          condition.fields(field -> positions.putIfAbsent(field, positions.size()));
          conditions.add(condition);
        }
        stepChecks[p][s] = conditions.indexOf(condition);
      }
    }
    this.fields = List.copyOf(positions.keySet());
    this.checks = conditions.stream().map(c -> Check.of(c, positions::get)).toArray(Check[]::new);
  }

  public List<Pattern> patterns() {
    return patterns;
  }

  /** The paths of all fields that are read. */
  public List<String> fields() {
    return fields;
  }

  long graceMs() {
    return graceMs;
  }

  int maxEvents() {
    return maxEvents;
  }

  /** How much older than the newest of its partition an event may be and still matter. */
  public long reachMs() {
    return Times.sum(longest(), graceMs);
  }

  private long longest() {
    return patterns.stream().mapToLong(Pattern::withinMs).max().orElseThrow();
  }

  Check[] checks() {
    return checks;
  }

  int[] stepChecks(int pattern) {
    return stepChecks[pattern];
  }
}
