package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.TableName;

/** Names of topics: {@code <prefix>.<schema>.<table>}, with {@code _} for what Kafka refuses. */
public record Topics(String prefix) {
  /** The topic of a table's changes. */
  public String of(TableName table) {
    return sanitized(prefix + "." + table);
  }

  /** The topic of logical messages. */
  public String messages() {
    return sanitized(prefix + ".message");
  }

  private static String sanitized(String name) {
    StringBuilder topic = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean legal =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "._-".indexOf(c) >= 0;
      topic.append(legal ? c : '_');
    }
    return topic.toString();
  }
}
