package dev.tributary.bench.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;

/**
 * Ours beside a peer's, of one run.
 *
 * @param name what is compared; unique in its run together with the peer
 * @param better which way is better
 * @param ours our figure
 * @param peer the peer's, of the same run and unit
 * @param wanted the ratio that we want to reach, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Comparison(String name, Better better, Figure ours, Figure peer, Double wanted) {
  /**
   * Refuses what cannot be compared.
   *
   * @throws IllegalArgumentException if the figures are of different runs or units
   */
  public Comparison {
    if (!ours.runId().equals(peer.runId())) {
      throw new IllegalArgumentException(
          "%s: figures of different runs (%s and %s) say nothing about each other"
              .formatted(name, ours.runId(), peer.runId()));
    }
    if (!ours.unit().equals(peer.unit())) {
      throw new IllegalArgumentException(
          "%s: %s cannot be compared with %s".formatted(name, ours.unit(), peer.unit()));
    }
  }

  /** How many times better we are, by the medians. */
  public double ratio() {
    return better.ratio(ours.stats().median(), peer.stats().median());
  }

  /** False where a ratio is wanted and not reached. */
  public boolean reached() {
    return wanted == null || ratio() >= wanted;
  }

  /** The line that a run ends with. */
  public String resultLine() {
    return "RESULT name=%s ours=%s peer=%s peer_name=%s ratio=%s unit=%s"
        .formatted(
            name,
            number(ours.stats().median()),
            number(peer.stats().median()),
            peer.subject(),
            number(ratio()),
            ours.unit());
  }

  /** Without an exponent, with three or four digits that count. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }
}
