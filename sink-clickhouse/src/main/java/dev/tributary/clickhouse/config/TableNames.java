package dev.tributary.clickhouse.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of a topic: by map, else by template.
 *
 * <p>A template may hold {@code ${topic}}, and of a topic with dots, such as {@code
 * shop.public.orders}, {@code ${table}} ({@code orders}), {@code ${schema}} ({@code public}) and
 * {@code ${prefix}} ({@code shop}, all before the schema).
 */
public final class TableNames {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> byTopic;
  private final String template;

  TableNames(Map<String, String> byTopic, String template) {
    this.byTopic = Map.copyOf(byTopic);
    this.template = template;
  }

  /** The name of the table that a topic's records go to. */
  public String of(String topic) {
    String mapped = byTopic.get(topic);
    return mapped != null ? mapped : expand(template, topic);
  }

  private static String expand(String template, String topic) {
    int last = topic.lastIndexOf('.');
    int middle = last < 0 ? -1 : topic.lastIndexOf('.', last - 1);
    Matcher matcher = VARIABLE.matcher(template);
    return matcher.replaceAll(
        found ->
            Matcher.quoteReplacement(
                switch (found.group(1)) {
                  case "topic" -> topic;
                  case "table" -> topic.substring(last + 1);
                  case "schema" -> last < 0 ? "" : topic.substring(middle + 1, last);
                  case "prefix" -> middle < 0 ? "" : topic.substring(0, middle);
                  default ->
                      throw new IllegalArgumentException(
                          "'"
                              + found.group()
                              + "' is unknown; known are ${topic}, ${prefix}, ${schema}, ${table}");
                }));
  }

  /** Refuses an unknown variable or an empty template. */
  static void checkTemplate(String template) {
    if (template.isBlank()) {
      throw new IllegalArgumentException("must not be blank");
    }
    expand(template, "a.b.c");
  }

  /**
   * Reads {@code a=b, c=d}.
   *
   * @throws IllegalArgumentException if a pair has no {@code =}, or an empty side
   */
  static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String left = equals < 0 ? "" : pair.substring(0, equals).strip();
      String right = equals < 0 ? "" : pair.substring(equals + 1).strip();
      if (left.isEmpty() || right.isEmpty()) {
        throw new IllegalArgumentException(
            "'" + pair.strip() + "' is no pair; write name=value, name=value");
      }
      pairs.put(left, right);
    }
    return pairs;
  }
}
