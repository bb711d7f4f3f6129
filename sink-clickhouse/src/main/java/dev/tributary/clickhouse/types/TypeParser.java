package dev.tributary.clickhouse.types;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a column type as {@code system.columns.type} writes it, such as {@code
 * LowCardinality(Nullable(String))} or {@code Array(Tuple(`a b` String, n Decimal(10, 2)))}.
 */
public final class TypeParser {
  private final String text;
  private int at;

  private TypeParser(String text) {
    this.text = text;
  }

  /** The type; {@link ColumnType.Unsupported} where it is none that can be written. */
  public static ColumnType parse(String text) {
    try {
      TypeParser parser = new TypeParser(text);
      ColumnType type = parser.type();
      return parser.at == text.length() ? type : new ColumnType.Unsupported(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      return new ColumnType.Unsupported(text);
    }
  }

  private ColumnType type() {
    int start = at;
    String name = word();
    ColumnType type =
        switch (name) {
          case "Nullable" -> new ColumnType.Nullable(inParens());
          case "LowCardinality" -> new ColumnType.LowCardinality(inParens());
          case "Array" -> new ColumnType.Array(inParens());
          case "SimpleAggregateFunction" -> simpleAggregateFunction();
          case "Map" -> map();
          case "Tuple" -> tuple();
          case "Nested" -> new ColumnType.Array(tuple());
          case "Variant" -> variant();
          case "JSON" -> json(start);
          case "Time64" -> time64();
          case "Decimal" -> decimal();
          case "FixedString" -> fixedString();
          case "DateTime" -> new ColumnType.DateTime(optionalZone());
          case "DateTime64" -> dateTime64();
          case "Enum8", "Enum16" -> enumeration(Integer.parseInt(name.substring(4)));
          case "Float32" -> new ColumnType.Floating(32);
          case "Float64" -> new ColumnType.Floating(64);
          default -> plain(name);
        };
    if (type == null) {
      skipParens();
      return new ColumnType.Unsupported(text.substring(start, at));
    }
    return type;
  }

  private static ColumnType plain(String name) {
    for (ColumnType.Plain plain : ColumnType.Plain.values()) {
      if (plain.sql().equals(name)) {
        return plain;
      }
    }
    for (ColumnType.Geo geo : ColumnType.Geo.values()) {
      if (geo.sql().equals(name)) {
        return geo;
      }
    }
    boolean unsigned = name.startsWith("UInt");
    if (unsigned || name.startsWith("Int")) {
      return switch (name.substring(unsigned ? 4 : 3)) {
        case "8" -> new ColumnType.Int(8, !unsigned);
        case "16" -> new ColumnType.Int(16, !unsigned);
        case "32" -> new ColumnType.Int(32, !unsigned);
        case "64" -> new ColumnType.Int(64, !unsigned);
        case "128" -> new ColumnType.Int(128, !unsigned);
        case "256" -> new ColumnType.Int(256, !unsigned);
        default -> null;
      };
    }
    return null;
  }

  private ColumnType inParens() {
    expect('(');
    ColumnType type = type();
    expect(')');
    return type;
  }

  /** {@code SimpleAggregateFunction(sum, UInt64)} is written as its value type is. */
  private ColumnType simpleAggregateFunction() {
    expect('(');
    word();
    skipParens();
    expect(',');
    ColumnType type = type();
    expect(')');
    return type;
  }

  private ColumnType map() {
    expect('(');
    ColumnType key = type();
    expect(',');
    ColumnType value = type();
    expect(')');
    return new ColumnType.MapOf(key, value);
  }

  private ColumnType decimal() {
    expect('(');
    int precision = number();
    expect(',');
    int scale = number();
    expect(')');
    return new ColumnType.Decimal(precision, scale);
  }

  private ColumnType fixedString() {
    expect('(');
    int length = number();
    expect(')');
    return new ColumnType.FixedString(length);
  }

  private ZoneId optionalZone() {
    if (!peek('(')) {
      return null;
    }
    expect('(');
    ZoneId zone = ZoneId.of(quoted('\''));
    expect(')');
    return zone;
  }

  private ColumnType dateTime64() {
    expect('(');
    int scale = number();
    ZoneId zone = null;
    if (peek(',')) {
      expect(',');
      zone = ZoneId.of(quoted('\''));
    }
    expect(')');
    return new ColumnType.DateTime64(scale, zone);
  }

  private ColumnType time64() {
    expect('(');
    int scale = number();
    expect(')');
    return new ColumnType.Time64(scale);
  }

  private ColumnType json(int start) {
    skipParens();
    return new ColumnType.Json(text.substring(start, at));
  }

  private ColumnType variant() {
    List<ColumnType> types = new ArrayList<>();
    expect('(');
    do {
      types.add(type());
    } while (next(','));
    expect(')');
    return new ColumnType.Variant(types);
  }

  private ColumnType enumeration(int bits) {
    Map<String, Integer> values = new HashMap<>();
    expect('(');
    do {
      String name = quoted('\'');
      expect('=');
      values.put(name, number());
    } while (next(','));
    expect(')');
    return new ColumnType.Enumeration(bits, values);
  }

  private ColumnType tuple() {
    List<String> names = new ArrayList<>();
    List<ColumnType> elements = new ArrayList<>();
    expect('(');
    do {
      blanks();
      int start = at;
      String name = peek('`') ? quoted('`') : word();
      if (peek(',') || peek(')') || peek('(')) {
        at = start;
      } else {
        names.add(name);
      }
      elements.add(type());
    } while (next(','));
    expect(')');
    if (!names.isEmpty() && names.size() != elements.size()) {
      throw new IllegalArgumentException("some elements have names, others have none");
    }
    return new ColumnType.Tuple(names, elements);
  }

  private String word() {
    blanks();
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (at == start) {
      throw new IllegalArgumentException("a name is missing");
    }
    return text.substring(start, at);
  }

  private int number() {
    blanks();
    int start = at;
    if (peek('-')) {
      at++;
    }
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    return Integer.parseInt(text, start, at, 10);
  }

  private String quoted(char quote) {
    expect(quote);
    StringBuilder value = new StringBuilder();
    while (text.charAt(at) != quote) {
      if (text.charAt(at) == '\\') {
        at++;
      }
      value.append(text.charAt(at++));
      if (at >= text.length()) {
        throw new IllegalArgumentException("a quote is missing");
      }
    }
    at++;
    return value.toString();
  }

  private void skipParens() {
    if (!peek('(')) {
      return;
    }
    int depth = 0;
    do {
      char c = text.charAt(at);
      if (c == '\'' || c == '`') {
        quoted(c);
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      at++;
    } while (depth > 0 && at < text.length());
  }

  private boolean next(char c) {
    if (peek(c)) {
      at++;
      return true;
    }
    return false;
  }

  private boolean peek(char c) {
    blanks();
    return at < text.length() && text.charAt(at) == c;
  }

  private void expect(char c) {
    if (!next(c)) {
      throw new IllegalArgumentException("'" + c + "' is missing");
    }
  }

  private void blanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }
}
