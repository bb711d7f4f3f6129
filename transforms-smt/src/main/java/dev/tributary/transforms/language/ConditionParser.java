package dev.tributary.transforms.language;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads conditions, such as what stands behind {@code where}.
 *
 * <pre>
 * condition  = conjunction { "or" conjunction }
 * conjunction = term { "and" term }
 * term       = "not" term | "(" condition ")" | operand [ test ]
 * test       = ( "=" | "&lt;&gt;" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" ) operand
 *            | [ "not" ] "in" "(" literal { "," literal } ")"
 *            | "is" [ "not" ] "null"
 *            | [ "not" ] "like" text
 * operand    = field | literal
 * literal    = number | 'text' | "true" | "false"
 * </pre>
 *
 * A field alone is a condition if it holds a boolean.
 */
public final class ConditionParser {
  /** Words that are no fields, unless they are quoted. */
  static final Set<String> WORDS =
      Set.of("and", "or", "not", "in", "is", "null", "like", "true", "false");

  private static final Map<String, Condition.Operator> OPERATORS =
      Map.of(
          "=", Condition.Operator.EQUAL,
          "<>", Condition.Operator.UNEQUAL,
          "!=", Condition.Operator.UNEQUAL,
          "<", Condition.Operator.LESS,
          "<=", Condition.Operator.LESS_OR_EQUAL,
          ">", Condition.Operator.GREATER,
          ">=", Condition.Operator.GREATER_OR_EQUAL);

  private final TokenStream tokens;

  public ConditionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** Reads a condition, as far as one goes. */
  public Condition condition() {
    Condition left = conjunction();
    while (tokens.accept("or")) {
      left = new Condition.Or(left, conjunction());
    }
    return left;
  }

  private Condition conjunction() {
    Condition left = term();
    while (tokens.accept("and")) {
      left = new Condition.And(left, term());
    }
    return left;
  }

  private Condition term() {
    if (tokens.accept("not")) {
      return new Condition.Not(term());
    }
    if (tokens.accept("(")) {
      Condition inner = condition();
      tokens.expect(")");
      return inner;
    }
    return test(operand());
  }

  private Condition test(Condition.Operand left) {
    Token token = tokens.peek();
    if (token.kind() == Token.Kind.SYMBOL && OPERATORS.containsKey(token.text())) {
      tokens.next();
      return new Condition.Comparison(left, OPERATORS.get(token.text()), operand());
    }
    if (tokens.accept("is")) {
      boolean negated = tokens.accept("not");
      tokens.expect("null");
      return negated(negated, new Condition.IsNull(left));
    }
    boolean negated = tokens.accept("not");
    if (tokens.accept("in")) {
      return negated(negated, new Condition.In(left, literals()));
    }
    if (tokens.accept("like")) {
      return negated(negated, new Condition.Like(left, text()));
    }
    if (!negated && left instanceof Condition.Operand.Field field) {
      return new Condition.IsTrue(field);
    }
    throw tokens.unexpected("a comparison (=, <>, <, <=, >, >=), 'in', 'like' or 'is null'");
  }

  private static Condition negated(boolean negated, Condition condition) {
    return negated ? new Condition.Not(condition) : condition;
  }

  private List<Condition.Operand.Literal> literals() {
    tokens.expect("(");
    List<Condition.Operand.Literal> literals = new ArrayList<>();
    do {
      if (!(operand() instanceof Condition.Operand.Literal literal)) {
        throw tokens.unexpected("a number, a text in single quotes, true or false, before this");
      }
      literals.add(literal);
    } while (tokens.accept(","));
    tokens.expect(")");
    return literals;
  }

  private String text() {
    if (tokens.peek().kind() != Token.Kind.TEXT) {
      throw tokens.unexpected("a pattern in single quotes, such as 'a%'");
    }
    return tokens.next().text();
  }

  private Condition.Operand operand() {
    boolean negative = tokens.accept("-");
    Token token = tokens.peek();
    if (token.kind() == Token.Kind.NUMBER) {
      BigDecimal number = number(tokens.next());
      return new Condition.Operand.Literal(negative ? number.negate() : number);
    }
    if (!negative && token.kind() == Token.Kind.TEXT) {
      return new Condition.Operand.Literal(tokens.next().text());
    }
    if (!negative && (token.is("true") || token.is("false"))) {
      return new Condition.Operand.Literal(tokens.next().is("true"));
    }
    if (negative || !tokens.atField()) {
      throw tokens.unexpected(
          negative ? "a number" : "a field, a number, a text in single quotes, true or false");
    }
    return new Condition.Operand.Field(tokens.field());
  }

  /** The number that a token of that kind says. */
  public static BigDecimal number(Token token) {
    try {
      return new BigDecimal(token.text());
    } catch (NumberFormatException e) {
      throw TokenStream.error(token, token.shown() + " is no number");
    }
  }
}
