package dev.tributary.postgres.config;

import dev.tributary.postgres.catalog.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Tables whose records have another key than the primary one: {@code
 * public.user_events:user_id;shop.(.*):region,id}.
 */
public record MessageKeys(List<Rule> rules) {
  /**
   * The key of the tables that a pattern names.
   *
   * @param table an anchored pattern over {@code schema.table}
   * @param columns the key's columns
   */
  public record Rule(Pattern table, List<String> columns) {
    public Rule {
      columns = List.copyOf(columns);
    }
  }

  public MessageKeys {
    rules = List.copyOf(rules);
  }

  /**
   * Reads the setting.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static MessageKeys parse(String text) {
    return new MessageKeys(
        Arrays.stream(text.split(";"))
            .map(String::strip)
            .filter(rule -> !rule.isEmpty())
            .map(MessageKeys::rule)
            .toList());
  }

  private static Rule rule(String text) {
    int colon = text.lastIndexOf(':');
    List<String> columns =
        colon < 0
            ? List.of()
            : Arrays.stream(text.substring(colon + 1).split(","))
                .map(String::strip)
                .filter(column -> !column.isEmpty())
                .toList();
    if (colon < 1 || columns.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not of the form schema.table:column1,column2");
    }
    try {
      return new Rule(
          Pattern.compile(text.substring(0, colon).strip(), Pattern.CASE_INSENSITIVE), columns);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + text.substring(0, colon) + "' is no regular expression: " + e.getDescription(), e);
    }
  }

  /** The key columns of a table, by the first rule that names it. */
  public Optional<List<String>> of(TableName table) {
    return rules.stream()
        .filter(rule -> rule.table().matcher(table.toString()).matches())
        .map(Rule::columns)
        .findFirst();
  }
}
