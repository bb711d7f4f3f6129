package dev.tributary.postgres.snapshot;

/** Which {@code source.snapshot} a row of a snapshot has. */
final class Markers {
  private Markers() {}

  static String of(boolean first, boolean firstOfTable, boolean lastOfTable, boolean last) {
    if (last) {
      return "last";
    }
    if (first) {
      return "first";
    }
    if (lastOfTable) {
      return "last_in_data_collection";
    }
    return firstOfTable ? "first_in_data_collection" : "true";
  }
}
