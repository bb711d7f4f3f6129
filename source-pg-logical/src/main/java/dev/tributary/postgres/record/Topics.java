package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.TableName;

/** Names of topics: {@code <prefix>.<schema>.<table>}, with {@code _} for what Kafka refuses. */
public record Topics(Naming naming) {
  /** The topic of a table's changes. */
  public String of(TableName table) {
    return sanitized(joined(table.schema(), table.table()));
  }

  /** The topic of logical messages. */
  public String messages() {
    return sanitized(naming.prefix() + ".message");
  }

  /** The topic of begins and ends of transactions. */
  public String transactions() {
    return sanitized(joined(naming.transactionTopic()));
  }

  private String joined(String... parts) {
    return naming.prefix() + naming.delimiter() + String.join(naming.delimiter(), parts);
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
