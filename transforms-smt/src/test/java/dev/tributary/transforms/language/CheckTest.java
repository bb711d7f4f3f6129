package dev.tributary.transforms.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions against an oracle that knows true, false and null, and compares only decimals. */
class CheckTest {
  private static final List<String> FIELDS = List.of("a", "b", "c");
  private static final Object[] VALUES = {
    null,
    0L,
    1L,
    2,
    -3L,
    1.0,
    2.5,
    Double.NaN,
    -0.0,
    (short) 2,
    2.5f,
    true,
    false,
    "a",
    "ab",
    "aXb",
    "1",
    "x%y",
    "",
    new BigDecimal("2.50"),
    new BigDecimal("1"),
    Long.MAX_VALUE
  };
  private static final List<String> LITERALS =
      List.of("0", "1", "2.5", "-3", "'a'", "'ab'", "'1'", "true", "false", "9223372036854775807");
  private static final List<String> PATTERNS =
      List.of("a%", "%b", "a_b", "_", "%", "x\\%y", "a", "");
  private static final List<String> OPERATORS = List.of("=", "<>", "!=", "<", "<=", ">", ">=");

  /** A condition as it is written, and what it answers: null where that is unknown. */
  private record Sample(String text, Function<Object[], Boolean> oracle) {}

  private record Side(String text, Function<Object[], Object> value) {}

  @Test
  void answersAsTheOracleDoes() {
    Random random = new Random(20_261_121);
    Map<Check.Truth, Integer> answers = new EnumMap<>(Check.Truth.class);
    for (int i = 0; i < 20_000; i++) {
      Sample sample = disjunction(random, 2);
      Check check = check(sample.text());
      for (int j = 0; j < 5; j++) {
        Object[] row =
            IntStream.range(0, FIELDS.size()).mapToObj(f -> any(random, VALUES)).toArray();
        Boolean expected = sample.oracle().apply(row);
        assertThat(check.of(row))
            .as("%s of %s", sample.text(), Arrays.toString(row))
            .isEqualTo(truth(expected));
        assertThat(check.holds(row)).isEqualTo(Boolean.TRUE.equals(expected));
        answers.merge(truth(expected), 1, Integer::sum);
      }
    }
    assertThat(answers)
        .as("how often each was expected")
        .hasSize(3)
        .allSatisfy((truth, n) -> assertThat(n).isGreaterThan(10_000));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          a = 1 and b = 1,           UNKNOWN
          a = 1 or b = 1,            TRUE
          a <> 1 and b = 1,          FALSE
          not (b = 1),               UNKNOWN
          "b in (1, 2)",             UNKNOWN
          "b not in (1, 2)",         UNKNOWN
          "a in (1, 'x')",           TRUE
          "a in (2, 'x')",           UNKNOWN
          "a not in (2, 3)",         TRUE
          b is null,                 TRUE
          b is not null,             FALSE
          not b is null,             FALSE
          b like '%',                UNKNOWN
          b not like '%',            UNKNOWN
          c,                         FALSE
          not c,                     TRUE
          a,                         UNKNOWN
          a = 2 or a = 1 and c,      FALSE
          """)
  void knowsTheLogicOfSql(String condition, Check.Truth answer) {
    assertThat(check(condition).of(new Object[] {1L, null, false})).isEqualTo(answer);
  }

  @Test
  void comparesDecimalsTooGreatForADouble() {
    BigDecimal great = new BigDecimal("1e400");
    Check less = check("a < b");
    assertThat(less.holds(new Object[] {great, new BigDecimal("1e401"), null})).isTrue();
    assertThat(less.holds(new Object[] {great, Double.POSITIVE_INFINITY, null})).isTrue();
    assertThat(less.holds(new Object[] {Double.NEGATIVE_INFINITY, great.negate(), null})).isTrue();
    assertThat(less.holds(new Object[] {Double.POSITIVE_INFINITY, great, null})).isFalse();
  }

  private static Check check(String condition) {
    TokenStream tokens = new TokenStream(condition, Set.of());
    return Check.of(new ConditionParser(tokens).condition(), FIELDS::indexOf);
  }

  private static Check.Truth truth(Boolean answer) {
    return answer == null ? Check.Truth.UNKNOWN : Check.Truth.of(answer);
  }

  private static Sample disjunction(Random random, int depth) {
    Sample left = conjunction(random, depth);
    for (int n = random.nextInt(3); n > 0; n--) {
      Sample a = left;
      Sample b = conjunction(random, depth);
      left =
          new Sample(
              a.text() + " or " + b.text(),
              row -> or(a.oracle().apply(row), b.oracle().apply(row)));
    }
    return left;
  }

  private static Sample conjunction(Random random, int depth) {
    Sample left = term(random, depth);
    for (int n = random.nextInt(3); n > 0; n--) {
      Sample a = left;
      Sample b = term(random, depth);
      left =
          new Sample(
              a.text() + " AND " + b.text(),
              row -> not(or(not(a.oracle().apply(row)), not(b.oracle().apply(row)))));
    }
    return left;
  }

  private static Sample term(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 8 : 5);
    if (kind >= 6) {
      Sample inner = disjunction(random, depth - 1);
      return new Sample("(" + inner.text() + ")", inner.oracle());
    }
    if (kind == 5) {
      Sample inner = term(random, depth - 1);
      return new Sample("not " + inner.text(), row -> not(inner.oracle().apply(row)));
    }
    boolean negated = random.nextBoolean();
    String not = negated ? " not" : "";
    Side left = random.nextInt(5) == 0 ? literal(random) : field(random);
    if (kind == 0) {
      return new Sample(
          left.text() + " is" + not + " null", row -> (left.value().apply(row) == null) != negated);
    }
    if (kind == 1) {
      String pattern = PATTERNS.get(random.nextInt(PATTERNS.size()));
      return negate(
          negated,
          left.text() + not + " like '" + pattern + "'",
          row -> like(left.value().apply(row), pattern));
    }
    if (kind == 2) {
      List<Side> sides =
          IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> literal(random)).toList();
      return negate(
          negated,
          left.text()
              + not
              + " in ("
              + String.join(", ", sides.stream().map(Side::text).toList())
              + ")",
          row -> in(left.value().apply(row), sides));
    }
    if (kind == 3) {
      Side field = field(random);
      return new Sample(
          field.text(), row -> field.value().apply(row) instanceof Boolean b ? b : null);
    }
    Side right = random.nextBoolean() ? literal(random) : field(random);
    String operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
    return new Sample(
        left.text() + " " + operator + " " + right.text(),
        row -> compared(left.value().apply(row), operator, right.value().apply(row)));
  }

  private static Sample negate(boolean negated, String text, Function<Object[], Boolean> oracle) {
    return new Sample(text, negated ? row -> not(oracle.apply(row)) : oracle);
  }

  private static Side field(Random random) {
    int field = random.nextInt(FIELDS.size());
    return new Side(FIELDS.get(field), row -> row[field]);
  }

  private static Side literal(Random random) {
    String text = LITERALS.get(random.nextInt(LITERALS.size()));
    Object value =
        text.startsWith("'")
            ? text.substring(1, text.length() - 1)
            : text.endsWith("e") ? (Object) Boolean.valueOf(text) : new BigDecimal(text);
    return new Side(text, row -> value);
  }

  private static Boolean not(Boolean a) {
    return a == null ? null : !a;
  }

  private static Boolean or(Boolean a, Boolean b) {
    if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
      return true;
    }
    return (a == null || b == null) ? null : Boolean.FALSE;
  }

  /** As SQL defines it: the value equals the first, or the second, ... */
  private static Boolean in(Object value, List<Side> sides) {
    Boolean answer = false;
    for (Side side : sides) {
      answer = or(answer, compared(value, "=", side.value().apply(null)));
    }
    return answer;
  }

  private static Boolean like(Object value, String pattern) {
    return value instanceof String text ? (Boolean) matches(text, pattern) : null;
  }

  private static boolean matches(String text, String pattern) {
    if (pattern.isEmpty()) {
      return text.isEmpty();
    }
    char c = pattern.charAt(0);
    if (c == '%') {
      return IntStream.rangeClosed(0, text.length())
          .anyMatch(i -> matches(text.substring(i), pattern.substring(1)));
    }
    int length = c == '\\' ? 2 : 1;
    char literal = pattern.charAt(length - 1);
    return !text.isEmpty()
        && (c == '_' || text.charAt(0) == literal)
        && matches(text.substring(1), pattern.substring(length));
  }

  private static Boolean compared(Object a, String operator, Object b) {
    Integer order = order(a, b);
    if (order == null) {
      return null;
    }
    return switch (operator) {
      case "=" -> order == 0;
      case "<>", "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static Integer order(Object a, Object b) {
    if (a instanceof String x && b instanceof String y) {
      return x.compareTo(y);
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return x.compareTo(y);
    }
    boolean numbers = a instanceof Number || b instanceof Number;
    BigDecimal x = numbers ? decimal(a) : null;
    BigDecimal y = numbers ? decimal(b) : null;
    return x == null || y == null ? null : (Integer) x.compareTo(y);
  }

  private static BigDecimal decimal(Object value) {
    try {
      return value == null ? null : new BigDecimal(value.toString());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Object any(Random random, Object[] from) {
    return from[random.nextInt(from.length)];
  }
}
