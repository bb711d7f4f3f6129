package dev.tributary.postgres.types;

import dev.tributary.postgres.catalog.ColumnInfo;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Column defaults as schemas carry them. Expressions are not evaluated: a literal in front is taken
 * as it stands, a function gives the type's zero, anything else nothing. So does Debezium.
 */
public final class Defaults {
  private static final Pattern QUOTED =
      Pattern.compile("^\\(*E?'((?:[^']|'')*)'.*", Pattern.DOTALL);
  private static final Pattern NUMBER =
      Pattern.compile("^\\(?(-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\)?(?:::.*)?$");
  private static final Pattern FUNCTION =
      Pattern.compile("^\\(?[A-Za-z0-9_.\"]+\\(.*", Pattern.DOTALL);
  private static final Pattern KEYWORD = Pattern.compile("^[A-Z_]{2,}$");

  private static final String BIT_ONE = "'1'";

  private Defaults() {}

  /** The default of a column in the terms of its schema. */
  public static Optional<Object> of(ColumnInfo column, ValueType type) {
    String expression = column.defaultExpression();
    if (expression == null || !type.takesDefault() || expression.startsWith("NULL::")) {
      return Optional.empty();
    }
    if (FUNCTION.matcher(expression).matches()) {
      return Optional.ofNullable(type.expressionDefault());
    }
    if (KEYWORD.matcher(expression).matches()) {
      return Optional.ofNullable(
          "".equals(type.expressionDefault()) ? expression : type.expressionDefault());
    }
    if (type.zero() instanceof Boolean) {
      return Optional.of(expression.equals("true") || expression.startsWith(BIT_ONE));
    }
    return literal(expression).flatMap(text -> decode(text, type));
  }

  private static Optional<String> literal(String expression) {
    Matcher quoted = QUOTED.matcher(expression);
    if (quoted.matches()) {
      String text = quoted.group(1).replace("''", "'");
      return Optional.of(quoted.group().indexOf("E'") == 0 ? text.replace("\\\\", "\\") : text);
    }
    Matcher number = NUMBER.matcher(expression);
    return number.matches() ? Optional.of(number.group(1)) : Optional.empty();
  }

  private static Optional<Object> decode(String text, ValueType type) {
    ValueDecoder decoder = type.decoder(type.schema().get().build());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return Optional.ofNullable(decoder.decode(bytes, 0, bytes.length));
    } catch (IllegalArgumentException | ArithmeticException | EnumLabels.AddedException e) {
      return Optional.empty(); // an expression that only starts like a literal
    }
  }
}
