package dev.tributary.clickhouse.config;

import java.util.Locale;

/** How a field finds its column. */
public enum ColumnCase {
  /** The names are the same. */
  EXACT {
    @Override
    public String fold(String name) {
      return name;
    }
  },
  /** The names are the same but for upper and lower case. */
  INSENSITIVE {
    @Override
    public String fold(String name) {
      return name.toLowerCase(Locale.ROOT);
    }
  },
  /** The names are the same but for case and underscores: {@code orderId} is {@code order_id}. */
  SNAKE {
    @Override
    public String fold(String name) {
      String prefix = name.startsWith("_") ? "_" : "";
      return prefix + name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
  };

  /** What names that mean the same column have in common. */
  public abstract String fold(String name);
}
