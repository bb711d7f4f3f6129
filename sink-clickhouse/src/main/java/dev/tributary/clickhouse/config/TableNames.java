package dev.tributary.clickhouse.config;

import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table and the database of a topic: by map, else by template.
 *
 * <p>A template may hold {@code ${topic}}, and of a topic with dots, such as {@code
 * shop.public.orders}, {@code ${table}} ({@code orders}), {@code ${schema}} ({@code public}) and
 * {@code ${prefix}} ({@code shop}, all before the schema).
 */
public final class TableNames {
  static final String TEMPLATE = "a name with ${topic}, ${prefix}, ${schema}, ${table}";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> tables;
  private final String table;
  private final Map<String, String> databases;
  private final String database;
  private final String split;

  /**
   * @param split what stands between database and table in a topic's name; empty where nothing does
   */
  TableNames(
      Map<String, String> tables,
      String table,
      Map<String, String> databases,
      String database,
      String split) {
    this.tables = Map.copyOf(tables);
    this.table = table;
    this.databases = Map.copyOf(databases);
    this.database = database;
    this.split = split;
  }

  static TableNames of(SinkConfig config) {
    return new TableNames(
        pairs(config.getString(SinkConfig.TOPIC_TO_TABLE)),
        config.getString(SinkConfig.TABLE),
        pairs(config.getString(SinkConfig.TOPIC_TO_DATABASE)),
        config.getString(SinkConfig.DATABASE).strip(),
        config.getBoolean(SinkConfig.SPLIT_TOPIC)
            ? config.getString(SinkConfig.SPLIT_CHARACTER)
            : "");
  }

  /** The table that a topic's records go to. */
  public TableName of(String topic) {
    int at = split.isEmpty() ? -1 : topic.indexOf(split);
    String rest = at < 0 ? topic : topic.substring(at + split.length());
    String base = at < 0 ? expand(database, topic) : topic.substring(0, at);
    String name = expand(table, rest);
    return new TableName(databases.getOrDefault(topic, base), tables.getOrDefault(topic, name));
  }

  /** Whether all tables are in one database; its name is {@link SinkConfig#DATABASE} then. */
  public boolean oneDatabase() {
    return databases.isEmpty() && split.isEmpty() && !database.contains("${");
  }

  private static String expand(String template, String topic) {
    int last = topic.lastIndexOf('.');
    int middle = last < 0 ? -1 : topic.lastIndexOf('.', last - 1);
    return replace(
        template,
        variable ->
            switch (variable) {
              case "topic" -> topic;
              case "table" -> topic.substring(last + 1);
              case "schema" -> last < 0 ? "" : topic.substring(middle + 1, last);
              case "prefix" -> middle < 0 ? "" : topic.substring(0, middle);
              default ->
                  throw new IllegalArgumentException(
                      "'${"
                          + variable
                          + "}' is unknown; known are ${topic}, ${prefix}, ${schema}, ${table}");
            });
  }

  private static String replace(String template, UnaryOperator<String> variables) {
    Matcher matcher = VARIABLE.matcher(template);
    return matcher.replaceAll(found -> Matcher.quoteReplacement(variables.apply(found.group(1))));
  }

  /** Puts the names of a table into a template with {@code ${database}} and {@code ${table}}. */
  public static String fill(String template, TableName name) {
    return replace(
        template,
        variable ->
            switch (variable) {
              case "database" -> name.database();
              case "table" -> name.table();
              default -> "${" + variable + "}";
            });
  }

  /** Refuses an unknown variable or an empty template. */
  static void checkTemplate(String template) {
    if (template.isBlank()) {
      throw new IllegalArgumentException("must not be blank");
    }
    expand(template, "a.b.c");
  }

  /** A view needs a name of its own. */
  static void checkViewTemplate(String template) {
    if (template.strip().equals("${table}")) {
      throw new IllegalArgumentException("the view would have the table's name");
    }
  }

  /** Reads {@code a=b, c=d}; see {@link #pairs(String, String)}. */
  static Map<String, String> pairs(String text) {
    return pairs(text, ",");
  }

  /**
   * Reads pairs {@code a=b} with a separator between.
   *
   * @throws IllegalArgumentException if a pair has no {@code =}, or an empty side
   */
  static Map<String, String> pairs(String text, String separator) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text.split(Pattern.quote(separator), -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String left = equals < 0 ? "" : pair.substring(0, equals).strip();
      String right = equals < 0 ? "" : pair.substring(equals + 1).strip();
      if (left.isEmpty() || right.isEmpty()) {
        throw new IllegalArgumentException(
            "'" + pair.strip() + "' is no pair; write name=value" + separator + " name=value");
      }
      pairs.put(left, right);
    }
    return pairs;
  }

  /** Refuses what is no pattern of a point in time. */
  static void dateTimeFormats(String text) {
    for (String pattern : pairs(text, ";").values()) {
      var unused = DateTimeFormatter.ofPattern(pattern);
    }
  }
}
