package dev.tributary.postgres.config;

import dev.tributary.postgres.catalog.TableName;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * Which columns are captured, and what becomes of their values. Patterns are anchored, know no case
 * and stand for {@code schema.table.column}.
 *
 * @param include empty for all
 * @param sourceTypes columns whose schema tells the server's type
 * @param sourceTypesOfTypes the same by {@code schema.table.type}
 */
public record ColumnRules(
    List<Pattern> include,
    List<Pattern> exclude,
    List<Rule> rules,
    List<Pattern> sourceTypes,
    List<Pattern> sourceTypesOfTypes) {
  /** Every column as it is. */
  public static final ColumnRules NONE =
      new ColumnRules(List.of(), List.of(), List.of(), List.of(), List.of());

  private static final Pattern HASH =
      Pattern.compile("column\\.mask\\.hash\\.(v2\\.)?([^.]+)\\.with\\.salt\\.(.+)");
  private static final Pattern MASK = Pattern.compile("column\\.mask\\.with\\.(\\d{1,6})\\.chars");
  private static final Pattern TRUNCATE =
      Pattern.compile("column\\.truncate\\.to\\.(\\d{1,9})\\.chars");

  /** What becomes of the text in a column. */
  public sealed interface Effect {}

  /**
   * A salted digest in hexadecimal takes its place, cut to the column's length.
   *
   * @param serialized whether the text is digested as Java serializes it, as Debezium's first
   *     version does
   */
  public record Hash(String algorithm, String salt, boolean serialized) implements Effect {
    /** Without the salt. */
    @Override
    public String toString() {
      return "Hash[algorithm=" + algorithm + ", serialized=" + serialized + "]";
    }
  }

  /** As many asterisks take its place. */
  public record Mask(int length) implements Effect {}

  /** It is cut to a length. */
  public record Truncate(int length) implements Effect {}

  /** An effect on the columns that one of the patterns names. */
  public record Rule(Effect effect, List<Pattern> columns) {
    public Rule {
      columns = List.copyOf(columns);
    }
  }

  public ColumnRules {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    rules = List.copyOf(rules);
    sourceTypes = List.copyOf(sourceTypes);
    sourceTypesOfTypes = List.copyOf(sourceTypesOfTypes);
  }

  /**
   * The rules whose keys carry a parameter, such as {@code column.mask.with.5.chars}.
   *
   * @throws InvalidRuleException naming the key
   */
  static List<Rule> rules(Map<String, String> properties) {
    List<Rule> rules = new ArrayList<>();
    properties.forEach(
        (key, value) -> effect(key).ifPresent(effect -> rules.add(rule(key, effect, value))));
    return rules;
  }

  private static Rule rule(String key, Effect effect, String patterns) {
    try {
      return new Rule(effect, KeyDefinitions.compileAll(key, List.of(patterns.split(",", -1))));
    } catch (ConfigException e) {
      throw new InvalidRuleException(key, "has a value that is no list of regular expressions", e);
    }
  }

  /** A key that carries a parameter is wrong. */
  public static final class InvalidRuleException extends ConfigException {
    private static final long serialVersionUID = 1L;

    private final String key;

    InvalidRuleException(String key, String problem) {
      super(key + " " + problem);
      this.key = key;
    }

    InvalidRuleException(String key, String problem, ConfigException cause) {
      this(key, problem);
      initCause(cause);
    }

    /** The one to report it at. */
    public String key() {
      return key;
    }
  }

  private static Optional<Effect> effect(String key) {
    Matcher hash = HASH.matcher(key);
    if (hash.matches()) {
      checkAlgorithm(key, hash.group(2));
      return Optional.of(new Hash(hash.group(2), hash.group(3), hash.group(1) == null));
    }
    Matcher mask = MASK.matcher(key);
    if (mask.matches()) {
      return Optional.of(new Mask(Integer.parseInt(mask.group(1))));
    }
    Matcher truncate = TRUNCATE.matcher(key);
    if (truncate.matches()) {
      return Optional.of(new Truncate(Integer.parseInt(truncate.group(1))));
    }
    if (key.startsWith("column.mask.") || key.startsWith("column.truncate.")) {
      throw new InvalidRuleException(
          key,
          "is none of column.mask.hash.<algorithm>.with.salt.<salt>, column.mask.with.<n>.chars and"
              + " column.truncate.to.<n>.chars");
    }
    return Optional.empty();
  }

  private static void checkAlgorithm(String key, String algorithm) {
    try {
      MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new InvalidRuleException(key, "names a digest that Java has not: " + algorithm);
    }
  }

  /** Whether a column is captured. */
  public boolean captures(TableName table, String column) {
    String name = table + "." + column;
    return (include.isEmpty() || any(include, name)) && !any(exclude, name);
  }

  /** What becomes of a column's values, in order. */
  public List<Effect> effects(TableName table, String column) {
    String name = table + "." + column;
    return rules.stream().filter(rule -> any(rule.columns(), name)).map(Rule::effect).toList();
  }

  /** Whether a column's schema tells the server's type. */
  public boolean tellsSourceType(TableName table, String column, String type) {
    return any(sourceTypes, table + "." + column) || any(sourceTypesOfTypes, table + "." + type);
  }

  private static boolean any(List<Pattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
