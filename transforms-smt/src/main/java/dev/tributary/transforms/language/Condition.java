package dev.tributary.transforms.language;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Which events count in a feature, as SQL's WHERE reads it: a comparison with null is neither true
 * nor false but unknown, {@code not} leaves that so, and an event counts only where it is true.
 */
public sealed interface Condition {

  /** How two values are compared. */
  enum Operator {
    EQUAL("="),
    UNEQUAL("<>"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    /** Whether it holds, given how the left value compares to the right. */
    public boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case UNEQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }

    @Override
    public String toString() {
      return symbol;
    }
  }

  /** One side of a comparison. */
  sealed interface Operand {
    /** The value of a field. */
    record Field(String path) implements Operand {
      @Override
      public String toString() {
        return path;
      }
    }

    /**
     * What is written there.
     *
     * @param value a BigDecimal, String or Boolean
     */
    record Literal(Object value) implements Operand {
      @Override
      public String toString() {
        return value instanceof String text
            ? "'" + text.replace("'", "''") + "'"
            : String.valueOf(value);
      }
    }
  }

  record Comparison(Operand left, Operator operator, Operand right) implements Condition {
    @Override
    public String toString() {
      return left + " " + operator + " " + right;
    }
  }

  record And(Condition left, Condition right) implements Condition {
    @Override
    public String toString() {
      return "(" + left + " and " + right + ")";
    }
  }

  record Or(Condition left, Condition right) implements Condition {
    @Override
    public String toString() {
      return "(" + left + " or " + right + ")";
    }
  }

  record Not(Condition inner) implements Condition {
    @Override
    public String toString() {
      return "not (" + inner + ")";
    }
  }

  record In(Operand operand, List<Operand.Literal> values) implements Condition {
    public In {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream()
          .map(Operand.Literal::toString)
          .collect(Collectors.joining(", ", operand + " in (", ")"));
    }
  }

  record IsNull(Operand operand) implements Condition {
    @Override
    public String toString() {
      return operand + " is null";
    }
  }

  /**
   * Whether a text has a form.
   *
   * @param pattern {@code %} stands for any characters, {@code _} for one, {@code \} before them
   *     for themselves
   */
  record Like(Operand operand, String pattern) implements Condition {
    @Override
    public String toString() {
      return operand + " like '" + pattern.replace("'", "''") + "'";
    }
  }

  /** A field that holds a boolean. */
  record IsTrue(Operand.Field field) implements Condition {
    @Override
    public String toString() {
      return field.toString();
    }
  }

  /** Names all fields it reads. */
  default void fields(Consumer<String> found) {
    if (this instanceof Comparison c) {
      fieldOf(c.left(), found);
      fieldOf(c.right(), found);
    } else if (this instanceof And and) {
      and.left().fields(found);
      and.right().fields(found);
    } else if (this instanceof Or or) {
      or.left().fields(found);
      or.right().fields(found);
    } else if (this instanceof Not not) {
      not.inner().fields(found);
    } else if (this instanceof In in) {
      fieldOf(in.operand(), found);
    } else if (this instanceof IsNull isNull) {
      fieldOf(isNull.operand(), found);
    } else if (this instanceof Like like) {
      fieldOf(like.operand(), found);
    } else if (this instanceof IsTrue isTrue) {
      found.accept(isTrue.field().path());
    }
  }

  private static void fieldOf(Operand operand, Consumer<String> found) {
    if (operand instanceof Operand.Field field) {
      found.accept(field.path());
    }
  }
}
