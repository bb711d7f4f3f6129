package dev.tributary.postgres.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A field of a change event that is added to its row, written and named as Debezium's
 * ExtractNewRecordState does: {@code op} is the event's own, {@code lsn} the source's, {@code
 * transaction.id} that of the block named; {@code source.ts_ms} becomes {@code __source_ts_ms}, and
 * {@code lsn:position} becomes {@code __position}.
 *
 * @param home which block of the event has it
 * @param field its name there
 * @param name its name in the row, with the prefix
 */
public record AddedField(Home home, String field, String name) {
  private static final Set<String> OF_EVENT = Set.of("op", "ts_ms", "ts_us", "ts_ns");
  private static final Set<String> OF_SOURCE =
      Set.of(
          "version",
          "connector",
          "name",
          "ts_ms",
          "ts_us",
          "ts_ns",
          "snapshot",
          "db",
          "sequence",
          "schema",
          "table",
          "txId",
          "lsn",
          "xmin",
          "origin",
          "origin_lsn");
  private static final Set<String> OF_TRANSACTION =
      Set.of("id", "total_order", "data_collection_order");

  /** The parts of a change event. */
  public enum Home {
    EVENT,
    SOURCE,
    TRANSACTION
  }

  /**
   * Parses a list.
   *
   * @throws IllegalArgumentException if an entry is not {@code [BLOCK.]FIELD[:NAME]}, or there is
   *     no such field
   */
  static List<AddedField> parseAll(String list, String prefix) {
    List<AddedField> fields = new ArrayList<>();
    for (String entry : list.split(",", -1)) {
      if (!list.isBlank()) {
        fields.add(parse(entry.strip(), prefix));
      }
    }
    long names = fields.stream().map(AddedField::name).distinct().count();
    if (names < fields.size()) {
      throw new IllegalArgumentException("two of the fields have the same name");
    }
    return List.copyOf(fields);
  }

  private static AddedField parse(String entry, String prefix) {
    String[] named = entry.split(":", -1);
    String[] path = named[0].split("\\.", -1);
    String field = path[path.length - 1];
    Home home = path.length == 2 ? home(path[0]) : homeOf(field);
    if (named.length > 2
        || path.length > 2
        || (named.length == 2 && named[1].isBlank())
        || home == null
        || !fields(home).contains(field)) {
      throw new IllegalArgumentException(
          "'" + entry + "' is no field of a change event: write FIELD or BLOCK.FIELD, and :NAME");
    }
    String name = named.length == 2 ? named[1].strip() : String.join("_", path);
    return new AddedField(home, field, prefix + name);
  }

  private static Home home(String block) {
    return switch (block) {
      case "source" -> Home.SOURCE;
      case "transaction" -> Home.TRANSACTION;
      default -> null;
    };
  }

  private static Home homeOf(String field) {
    return OF_EVENT.contains(field)
        ? Home.EVENT
        : OF_TRANSACTION.contains(field) ? Home.TRANSACTION : Home.SOURCE;
  }

  private static Set<String> fields(Home home) {
    return switch (home) {
      case EVENT -> OF_EVENT;
      case SOURCE -> OF_SOURCE;
      case TRANSACTION -> OF_TRANSACTION;
    };
  }
}
