package dev.tributary.clickhouse.table;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far back a table remembers the inserts that were made into it, so that it drops one that is
 * made again under its token. (ClickHouse documentation, MergeTree settings.)
 *
 * @param inserts how many it remembers, as the setting says; 0 if it remembers none
 * @param seconds for how long
 */
public record Window(long inserts, long seconds) {
  static final Window NONE = new Window(0, 0);
  static final String PLAIN = "non_replicated_deduplication_window";
  static final String REPLICATED = "replicated_deduplication_window";
  static final String REPLICATED_SECONDS = "replicated_deduplication_window_seconds";

  /** What a setting of the server or of an insert must be for windows not to be heeded. */
  public static final List<Map.Entry<String, String>> NOT_HEEDED_BY =
      List.of(
          Map.entry("insert_deduplicate", "0"),
          Map.entry("deduplicate_insert", "disable"),
          Map.entry("deduplicate_insert_select", "disable"));

  /** Tables without replicas forget by number alone. */
  private static final long FOR_EVER = Integer.MAX_VALUE;

  /**
   * The window of a table.
   *
   * @param fullEngine with the settings that the table has of its own
   * @param defaults what the server sets where the table does not
   */
  static Window of(String engine, String fullEngine, Map<String, Long> defaults) {
    if (!engine.endsWith("MergeTree")) {
      return NONE;
    }
    return isReplicated(engine)
        ? new Window(
            setting(REPLICATED, fullEngine, defaults),
            setting(REPLICATED_SECONDS, fullEngine, defaults))
        : new Window(setting(PLAIN, fullEngine, defaults), FOR_EVER);
  }

  static boolean isReplicated(String engine) {
    return engine.startsWith("Replicated") || engine.startsWith("Shared");
  }

  /** The setting of the window that a table of this engine has. */
  static String settingOf(String engine) {
    return isReplicated(engine) ? REPLICATED : PLAIN;
  }

  private static long setting(String name, String fullEngine, Map<String, Long> defaults) {
    Matcher own = Pattern.compile("[ ,]" + name + " = (\\d{1,18})\\b").matcher(fullEngine);
    return own.find() ? Long.parseLong(own.group(1)) : defaults.getOrDefault(name, 0L);
  }

  /** Whether the table remembers inserts at all. */
  public boolean isThere() {
    return inserts > 0 && seconds > 0;
  }

  /** What both remember. */
  Window and(Window other) {
    return new Window(Math.min(inserts, other.inserts), Math.min(seconds, other.seconds));
  }

  /**
   * Inserts after which one that came before is surely remembered: half of the window, as an insert
   * takes two places in it (as seen with ClickHouse 26.5), and half of that for inserts that are
   * under way.
   */
  public long safeInserts() {
    return inserts / 4;
  }

  /** Seconds after which an insert is surely remembered. */
  public long safeSeconds() {
    return seconds / 2;
  }
}
