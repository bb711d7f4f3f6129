package dev.tributary.transforms.features;

import dev.tributary.transforms.language.ConditionParser;
import dev.tributary.transforms.language.Token;
import dev.tributary.transforms.language.TokenStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what stands between the parentheses of an aggregate. */
final class ArgumentParser {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final Set<Aggregate> NO_NUMBERS =
      EnumSet.of(
          Aggregate.FIRST_SEEN,
          Aggregate.LAST_SEEN,
          Aggregate.LAST_N,
          Aggregate.TOP_K,
          Aggregate.HISTOGRAM);
  private static final int MAX_SIZE = 10_000;
  private static final int MAX_DISTINCT = 1_000_000;
  private static final int MAX_BOUNDS = 1_000;

  private final TokenStream tokens;
  private final Token function;
  private final Aggregate aggregate;
  private final Map<String, Aggregate> declared;
  private final List<BigDecimal> numbers = new ArrayList<>();
  private final List<String> operands = new ArrayList<>();
  private String field;

  /**
   * @param declared the features that stand before this one
   */
  ArgumentParser(
      TokenStream tokens, Token function, Aggregate aggregate, Map<String, Aggregate> declared) {
    this.tokens = tokens;
    this.function = function;
    this.aggregate = aggregate;
    this.declared = declared;
  }

  void parse() {
    tokens.expect("(");
    boolean first = true;
    for (Aggregate.Parameter parameter : aggregate.parameters()) {
      if (parameter.isOptional() && tokens.peek().is(")")) {
        break;
      }
      if (!first && !tokens.accept(",")) {
        throw tokens.unexpected("',' and further arguments of " + aggregate.signature());
      }
      first = false;
      read(parameter);
    }
    if (!tokens.accept(")")) {
      throw tokens.unexpected("')', as it is " + aggregate.signature());
    }
  }

  /** Null if there is none. */
  String field() {
    return field;
  }

  List<BigDecimal> numbers() {
    return numbers;
  }

  List<String> operands() {
    return operands;
  }

  private void read(Aggregate.Parameter parameter) {
    switch (parameter) {
      case FIELD, NUMBER_FIELD, OPTIONAL_FIELD -> field = readField();
      case SIZE -> numbers.add(whole(MAX_SIZE));
      case OPTIONAL_SIZE -> numbers.add(whole(MAX_DISTINCT));
      case PERCENT -> numbers.add(percent());
      case BOUNDS -> bounds();
      case FEATURE -> operands.add(feature());
      case HALF_LIFE -> numbers.add(halfLife());
    }
  }

  private String readField() {
    if (!tokens.atField()) {
      throw tokens.unexpected("a field, as in " + aggregate.signature());
    }
    return tokens.field();
  }

  private BigDecimal whole(int limit) {
    Token token = tokens.peek();
    BigDecimal number = number();
    if (number.signum() <= 0
        || number.stripTrailingZeros().scale() > 0
        || number.compareTo(BigDecimal.valueOf(limit)) > 0) {
      throw TokenStream.error(token, "write a whole number from 1 to " + limit);
    }
    return number;
  }

  private BigDecimal percent() {
    Token token = tokens.peek();
    BigDecimal number = number();
    if (number.signum() < 0 || number.compareTo(HUNDRED) > 0) {
      throw TokenStream.error(token, "a percentile lies between 0 and 100");
    }
    return number;
  }

  private void bounds() {
    Token token;
    do {
      token = tokens.peek();
      BigDecimal bound = number();
      if (!numbers.isEmpty() && numbers.get(numbers.size() - 1).compareTo(bound) >= 0) {
        throw TokenStream.error(token, "the bounds of a histogram must ascend");
      }
      numbers.add(bound);
    } while (tokens.accept(","));
    if (numbers.size() > MAX_BOUNDS) {
      throw TokenStream.error(function, "a histogram has at most " + MAX_BOUNDS + " bounds");
    }
  }

  private BigDecimal number() {
    boolean negative = tokens.accept("-");
    if (tokens.peek().kind() != Token.Kind.NUMBER) {
      throw tokens.unexpected("a number, as in " + aggregate.signature());
    }
    BigDecimal number = ConditionParser.number(tokens.next());
    return negative ? number.negate() : number;
  }

  private BigDecimal halfLife() {
    Token token = tokens.peek();
    long ms = tokens.duration("a half-life such as 30s, 5m, 1h or 7d");
    if (ms < 1) {
      throw TokenStream.error(token, "a half-life must be longer than nothing");
    }
    return BigDecimal.valueOf(ms);
  }

  private String feature() {
    Token token = tokens.peek();
    if (token.kind() != Token.Kind.NAME) {
      throw tokens.unexpected("the name of a feature that is declared before, as in ratio(a, b)");
    }
    if (!declared.containsKey(token.text())) {
      throw TokenStream.error(
          token,
          "no feature "
              + token.shown()
              + " is declared before this one"
              + TokenStream.didYouMean(token.text(), List.copyOf(declared.keySet())));
    }
    Aggregate dividedBy = declared.get(token.text());
    if (NO_NUMBERS.contains(dividedBy)) {
      throw TokenStream.error(
          token, dividedBy.functionName() + " gives no number, so there is no ratio of it");
    }
    return tokens.next().text();
  }
}
