package dev.tributary.transforms.language;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/** A {@link Condition} made ready to be asked once per event. */
@FunctionalInterface
public interface Check {
  /** What an answer can be. */
  enum Truth {
    TRUE,
    FALSE,
    UNKNOWN;

    static Truth of(boolean value) {
      return value ? TRUE : FALSE;
    }

    Truth not() {
      return switch (this) {
        case TRUE -> FALSE;
        case FALSE -> TRUE;
        case UNKNOWN -> UNKNOWN;
      };
    }
  }

  Truth of(Object[] values);

  /** How an operand is found among the values of an event's fields. */
  @FunctionalInterface
  interface Getter {
    Object get(Object[] values);
  }

  /** Whether the event counts. */
  default boolean holds(Object[] values) {
    return of(values) == Truth.TRUE;
  }

  /**
   * Makes a condition ready.
   *
   * @param index says where among the values a field's stands
   */
  static Check of(Condition condition, ToIntFunction<String> index) {
    if (condition instanceof Condition.And and) {
      return and(of(and.left(), index), of(and.right(), index));
    }
    if (condition instanceof Condition.Or or) {
      Check left = of(or.left(), index);
      Check right = of(or.right(), index);
      return not(and(not(left), not(right)));
    }
    if (condition instanceof Condition.Not not) {
      return not(of(not.inner(), index));
    }
    if (condition instanceof Condition.Comparison comparison) {
      return compare(comparison, index);
    }
    if (condition instanceof Condition.In in) {
      return in(getter(in.operand(), index), in.values());
    }
    if (condition instanceof Condition.IsNull isNull) {
      Getter getter = getter(isNull.operand(), index);
      return values -> Truth.of(getter.get(values) == null);
    }
    if (condition instanceof Condition.Like like) {
      return like(getter(like.operand(), index), pattern(like.pattern()));
    }
    Getter getter = getter(((Condition.IsTrue) condition).field(), index);
    return values -> getter.get(values) instanceof Boolean b ? Truth.of(b) : Truth.UNKNOWN;
  }

  private static Check not(Check inner) {
    return values -> inner.of(values).not();
  }

  private static Check and(Check left, Check right) {
    return values -> {
      Truth first = left.of(values);
      if (first == Truth.FALSE) {
        return first;
      }
      Truth second = right.of(values);
      return first == Truth.TRUE || second == Truth.FALSE ? second : Truth.UNKNOWN;
    };
  }

  private static Check compare(Condition.Comparison comparison, ToIntFunction<String> index) {
    Getter left = getter(comparison.left(), index);
    Getter right = getter(comparison.right(), index);
    Condition.Operator operator = comparison.operator();
    return values -> {
      int order = Values.compare(left.get(values), right.get(values));
      return order == Values.INCOMPARABLE ? Truth.UNKNOWN : Truth.of(operator.holds(order));
    };
  }

  private static Check in(Getter getter, List<Condition.Operand.Literal> literals) {
    Object[] candidates = literals.stream().map(Check::ready).toArray();
    return values -> {
      Object value = getter.get(values);
      Truth answer = Truth.FALSE;
      for (Object candidate : candidates) {
        int order = Values.compare(value, candidate);
        if (order == 0) {
          return Truth.TRUE;
        }
        if (order == Values.INCOMPARABLE) {
          answer = Truth.UNKNOWN;
        }
      }
      return answer;
    };
  }

  private static Check like(Getter getter, Pattern pattern) {
    return values ->
        getter.get(values) instanceof CharSequence text
            ? Truth.of(pattern.matcher(text).matches())
            : Truth.UNKNOWN;
  }

  private static Getter getter(Condition.Operand operand, ToIntFunction<String> index) {
    if (operand instanceof Condition.Operand.Field field) {
      int at = index.applyAsInt(field.path());
      return values -> values[at];
    }
    Object literal = ready((Condition.Operand.Literal) operand);
    return values -> literal;
  }

  /** A whole number as a long, so that the usual comparison is one of longs. */
  private static Object ready(Condition.Operand.Literal literal) {
    if (literal.value() instanceof BigDecimal number) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException e) {
        return number;
      }
    }
    return literal.value();
  }

  private static Pattern pattern(String like) {
    StringBuilder regex = new StringBuilder();
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < like.length(); i++) {
      char c = like.charAt(i);
      if (c == '\\' && i + 1 < like.length()) {
        plain.append(like.charAt(++i));
      } else if (c == '%' || c == '_') {
        regex.append(Pattern.quote(plain.toString())).append(c == '%' ? ".*" : ".");
        plain.setLength(0);
      } else {
        plain.append(c);
      }
    }
    return Pattern.compile(
        regex.append(Pattern.quote(plain.toString())).toString(), Pattern.DOTALL);
  }
}
