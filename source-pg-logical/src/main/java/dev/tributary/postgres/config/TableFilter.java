package dev.tributary.postgres.config;

import dev.tributary.postgres.catalog.TableName;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which tables are captured. Patterns are anchored and know no case; a table must pass the include
 * lists that are set and none of the exclude lists.
 *
 * @param includeTables over {@code schema.table}; empty for all
 * @param includeSchemas over {@code schema}; empty for all
 */
public record TableFilter(
    List<Pattern> includeTables,
    List<Pattern> excludeTables,
    List<Pattern> includeSchemas,
    List<Pattern> excludeSchemas)
    implements Predicate<TableName> {
  private static final List<String> SYSTEM_SCHEMAS = List.of("pg_catalog", "information_schema");
  private static final Pattern METACHARACTER = Pattern.compile("[^\\p{L}\\p{N}_. $-]");

  private static final Pattern SPECIAL =
      Pattern.compile("[^\\p{L}\\p{M}\\p{N}_. ]|^ | $", Pattern.UNICODE_CHARACTER_CLASS);

  public TableFilter {
    includeTables = List.copyOf(includeTables);
    excludeTables = List.copyOf(excludeTables);
    includeSchemas = List.copyOf(includeSchemas);
    excludeSchemas = List.copyOf(excludeSchemas);
  }

  @Override
  public boolean test(TableName table) {
    return !SYSTEM_SCHEMAS.contains(table.schema())
        && (includeSchemas.isEmpty() || any(includeSchemas, table.schema()))
        && !any(excludeSchemas, table.schema())
        && (includeTables.isEmpty() || any(includeTables, table.toString()))
        && !any(excludeTables, table.toString());
  }

  /** Whether tables are named, so that a publication can be made of them alone. */
  public boolean includesByName() {
    return !includeTables.isEmpty() || !includeSchemas.isEmpty();
  }

  /** The included tables that are spelled out, without a metacharacter but the dot. */
  public List<String> literalTables() {
    return includeTables.stream()
        .map(Pattern::pattern)
        .map(pattern -> pattern.replace("\\.", "."))
        .filter(pattern -> !METACHARACTER.matcher(pattern).find())
        .toList();
  }

  /**
   * A pattern that stands for this name alone, as include and exclude lists have it. Dots stay,
   * since nobody writes a backslash in front of them.
   */
  public static String pattern(String name) {
    return SPECIAL.matcher(name).replaceAll("\\\\$0");
  }

  private static boolean any(List<Pattern> patterns, String name) {
    for (Pattern pattern : patterns) {
      if (pattern.matcher(name).matches()) {
        return true;
      }
    }
    return false;
  }
}
