package dev.tributary.transforms.zscore;

/** How far a value lies from the center of others, in deviations from it. */
final class Distance {
  private Distance() {}

  /**
   * NaN where the deviation is 0 and the value another than the center, or where one of them is
   * beyond a double.
   */
  static double of(double value, double center, double deviation) {
    double distance = value - center;
    if (deviation > 0 && Double.isFinite(deviation) && Double.isFinite(distance)) {
      return distance / deviation;
    }
    return deviation == 0 && distance == 0 ? 0 : Double.NaN;
  }
}
