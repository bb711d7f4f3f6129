package dev.tributary.postgres;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Where two connectors' records differ, line by line of their {@link Rendering}. */
final class Differences {
  private static final int MOST = 40;

  private Differences() {}

  /**
   * Compares record by record.
   *
   * @return empty if there is none
   */
  static List<String> of(List<SourceRecord> ours, List<SourceRecord> theirs) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < Math.max(ours.size(), theirs.size()); i++) {
      List<String> our = lines(ours, i);
      List<String> their = lines(theirs, i);
      if (!our.equals(their)) {
        differences.add(
            "record " + i + " of " + ours.size() + ", " + theirs.size() + " are theirs");
        only(our, their).forEach(line -> differences.add("  ours   " + line));
        only(their, our).forEach(line -> differences.add("  theirs " + line));
      }
      if (differences.size() > MOST) {
        break;
      }
    }
    return differences;
  }

  private static List<String> lines(List<SourceRecord> records, int index) {
    return index < records.size()
        ? Rendering.of(records.get(index)).lines().toList()
        : List.of("no record");
  }

  private static List<String> only(List<String> lines, List<String> others) {
    List<String> only = new ArrayList<>(lines);
    others.forEach(only::remove);
    return only.isEmpty() && !lines.equals(others) ? List.of("the same in another order") : only;
  }
}
