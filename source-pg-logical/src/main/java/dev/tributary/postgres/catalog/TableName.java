package dev.tributary.postgres.catalog;

/** The name of a table; written unquoted, {@code public.orders}, as configs and topics have it. */
public record TableName(String schema, String table) implements Comparable<TableName> {
  /** For SQL: {@code "public"."orders"}. */
  public String quoted() {
    return Identifiers.quote(schema) + "." + Identifiers.quote(table);
  }

  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : table.compareTo(other.table);
  }

  @Override
  public String toString() {
    return schema + "." + table;
  }
}
