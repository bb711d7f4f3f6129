package dev.tributary.bench.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private Numbers() {}

  /** Three digits that count, and thousands set apart. */
  static String of(double value) {
    double size = Math.abs(value);
    if (size >= 1000) {
      double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(size)) - 2));
      return String.format(Locale.ROOT, "%,.0f", Math.round(value / unit) * unit);
    }
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  static String percent(double part) {
    return String.format(Locale.ROOT, "%.0f %%", part * 100);
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MB", bytes >> 20);
  }
}
