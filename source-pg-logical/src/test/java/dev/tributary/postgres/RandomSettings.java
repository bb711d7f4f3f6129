package dev.tributary.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Settings by chance that change the records, and which types go with them. */
final class RandomSettings {
  private static final Map<String, List<String>> CHOICES =
      new java.util.TreeMap<>(
          Map.ofEntries(
              Map.entry("decimal.handling.mode", List.of("precise", "string", "double")),
              Map.entry(
                  "time.precision.mode",
                  List.of(
                      "adaptive",
                      "adaptive_time_microseconds",
                      "connect",
                      "isostring",
                      "microseconds",
                      "nanoseconds",
                      "structured")),
              Map.entry("interval.handling.mode", List.of("numeric", "string")),
              Map.entry(
                  "binary.handling.mode", List.of("bytes", "base64", "base64-url-safe", "hex")),
              Map.entry("hstore.handling.mode", List.of("json", "map")),
              Map.entry("money.fraction.digits", List.of("0", "2", "4")),
              Map.entry("include.unknown.datatypes", List.of("true", "false")),
              Map.entry("tombstones.on.delete", List.of("true", "false")),
              Map.entry("skipped.operations", List.of("none", "t")),
              Map.entry("provide.transaction.metadata", List.of("true", "false")),
              Map.entry("unavailable.value.placeholder", List.of("gone", "hex:c3a9")),
              // columns s are of text: what is done to others is known to differ
              Map.entry(
                  "column.exclude.list",
                  List.of("public\\..*\\.[cs][147]", "public\\.t0\\.[cs]\\d,.*\\.T5\\.c.*")),
              Map.entry("column.mask.with.5.chars", List.of("public\\..*\\.s[058]")),
              Map.entry("column.truncate.to.2.chars", List.of(".*\\.s[37]")),
              Map.entry(
                  "column.mask.hash.v2.SHA-256.with.salt.NaCl", List.of("public\\..*\\.s[269]"))));

  private RandomSettings() {}

  /** Each key is set, or left at its default, by chance. */
  static Map<String, String> of(Random random) {
    Map<String, String> settings = new HashMap<>();
    CHOICES.forEach(
        (key, values) -> {
          if (random.nextInt(3) > 0) {
            settings.put(key, values.get(random.nextInt(values.size())));
          }
        });
    return Map.copyOf(settings);
  }

  /** Leaves out the values that are known to differ; docs/debezium-differences.md has them. */
  static List<RandomType> fitting(List<RandomType> types, Map<String, String> settings) {
    String times = settings.getOrDefault("time.precision.mode", "");
    return types.stream()
        .map(
            type ->
                switch (times) {
                  case "structured" -> type.without("24:00", "59.9"); // which may be rounded to it
                  case "nanoseconds" -> type.without("0044", "1582", "9999", "12026");
                  default -> type;
                })
        .toList();
  }

  /** Debezium stops at a delete that does not carry such a column. */
  static boolean mayBeNotNull(RandomType type, Map<String, String> settings) {
    return !"nanoseconds".equals(settings.get("time.precision.mode"))
        || !(type.sql().startsWith("timestamp") || type.sql().equals("instant"));
  }
}
