package dev.tributary.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What one subject reached in one run.
 *
 * @param runId the run it was measured in; figures of different runs are never compared
 * @param name what was measured, unique in its run together with the subject
 * @param subject {@code tributary}, or the peer's name
 * @param unit for example {@code records/s}
 * @param rounds at least one
 */
public record Figure(String runId, String name, String subject, String unit, List<Round> rounds) {
  /** The subject that is ours. */
  public static final String OURS = "tributary";

  /** Checks that there is something to tell. */
  public Figure {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("no rounds of " + name + " by " + subject);
    }
  }

  /** Over all rounds. */
  @JsonIgnore
  public Stats stats() {
    return Stats.of(rounds.stream().mapToDouble(Round::value).toArray());
  }

  /** The line that a run without a peer ends with. */
  public String line() {
    return "FIGURE name=\"%s\" value=%s unit=%s"
        .formatted(name, Comparison.number(stats().median()), unit);
  }
}
