package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.TableName;
import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of tables for people and for SQL. */
final class Names {
  private static final int SHOWN = 20;

  private Names() {}

  /** {@code public.a, public.b}; the first of very many. */
  static String of(Collection<TableName> tables) {
    return tables.stream().limit(SHOWN).map(TableName::toString).collect(Collectors.joining(", "))
        + rest(tables);
  }

  /** {@code "public"."a", "public"."b"}. */
  static String quoted(Collection<TableName> tables) {
    return tables.stream().map(TableName::quoted).collect(Collectors.joining(", "));
  }

  /** As {@link #quoted}, but the first of very many. */
  static String quotedForPeople(Collection<TableName> tables) {
    return quoted(tables.stream().limit(SHOWN).toList()) + rest(tables);
  }

  private static String rest(Collection<TableName> tables) {
    return tables.size() > SHOWN ? " and " + (tables.size() - SHOWN) + " more" : "";
  }
}
