package dev.tributary.postgres.record;

/**
 * How topics, schemas and fields are named.
 *
 * @param prefix of topics, the name of the source
 * @param delimiter between the parts of a topic's name
 * @param transactionTopic behind the prefix
 */
public record Naming(
    String prefix,
    String delimiter,
    String transactionTopic,
    Adjustment schemas,
    Adjustment fields) {
  /** How names are made to fit a converter. */
  public enum Adjustment {
    /** Not at all. */
    NONE,
    /** An underscore takes the place of what Avro does not allow. */
    AVRO,
    /** Its code does, as {@code _uxxxx}. */
    AVRO_UNICODE
  }

  /** The name of a schema; dots stay. */
  String schema(String name) {
    return adjusted(name, schemas, true);
  }

  /** The name of the field of a column. */
  String field(String column) {
    return adjusted(column, fields, false);
  }

  private static String adjusted(String name, Adjustment mode, boolean dots) {
    if (mode == Adjustment.NONE) {
      return name;
    }
    StringBuilder fitting = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean underscore = c == '_' && mode == Adjustment.AVRO;
      boolean inside = i > 0 && (digit || (c == '.' && dots));
      if (letter || underscore || inside) {
        fitting.append(c);
      } else if (mode == Adjustment.AVRO_UNICODE) {
        fitting.append(String.format("_u%04x", (int) c));
      } else {
        fitting.append(digit ? "_" + c : "_");
      }
    }
    return fitting.toString();
  }
}
