package dev.tributary.transforms;

import dev.tributary.common.metrics.Metrics;

/**
 * How one of several transforms of the same kind is called in errors and in JMX.
 *
 * @param transform its class
 * @param type how JMX calls that class
 * @param things what it has several of, such as features
 * @param first the first of those
 */
record Label(String transform, String type, String things, String first) {

  /** Such as "ZScoreFlag (amount, ...)". */
  String text() {
    return transform + " (" + first + ", ...)";
  }

  /** Such as {@code tributary.transforms:type=z-score-flag-metrics,...,fields=amount}. */
  Metrics.Builder metrics() {
    return TaskMetrics.of(type + "-metrics").tag(things, first);
  }
}
