package dev.tributary.transforms.features;

import dev.tributary.common.config.Durations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads declarations of features.
 *
 * <pre>
 * features  = feature { "," feature }
 * feature   = name "=" aggregate "(" ")" "over" window
 * aggregate = "count"
 * window    = duration | "all"
 * </pre>
 *
 * A duration is a whole number and one of {@code ms s m h d}. Spaces and line breaks are free.
 */
public final class FeatureParser {
  private static final String WINDOWS = "a duration such as 30s, 5m, 1h or 7d, or 'all'";

  private final List<Token> tokens;
  private int at;

  private FeatureParser(String text) {
    this.tokens = Lexer.tokens(text);
  }

  /**
   * Parses a list of features, in the order they are declared.
   *
   * @throws IllegalArgumentException if the text is no such list; the message says where (line and
   *     column, from 1), what stands there, and what was expected
   */
  public static List<Feature> parse(String text) {
    return new FeatureParser(text).features();
  }

  private List<Feature> features() {
    List<Feature> features = new ArrayList<>();
    Set<String> names = new HashSet<>();
    do {
      Token name = peek();
      Feature feature = feature();
      if (!names.add(feature.name())) {
        throw at(name, "the feature " + name.shown() + " is declared twice; give it another name");
      }
      features.add(feature);
    } while (accept(","));
    if (peek().kind() != Token.Kind.END) {
      throw unexpected("',' and a further feature, or the end");
    }
    return List.copyOf(features);
  }

  private Feature feature() {
    if (peek().kind() != Token.Kind.NAME) {
      throw unexpected("the name of a feature (letters, digits and underscores)");
    }
    String name = next().text();
    expect("=");
    Aggregate aggregate = aggregate();
    expect("over");
    return new Feature(name, aggregate, window());
  }

  private Aggregate aggregate() {
    Token name = peek();
    if (name.kind() != Token.Kind.NAME) {
      throw unexpected("an aggregate (" + Aggregate.names() + ")");
    }
    Aggregate aggregate =
        Aggregate.named(name.text())
            .orElseThrow(
                () ->
                    at(
                        name,
                        "there is no aggregate "
                            + name.shown()
                            + "; this version knows: "
                            + Aggregate.names()));
    next();
    expect("(");
    expect(")");
    return aggregate;
  }

  private Window window() {
    Token token = peek();
    if (token.is("all")) {
      next();
      return new Window.All();
    }
    if (token.kind() != Token.Kind.NUMBER) {
      throw unexpected(WINDOWS);
    }
    try {
      Window window = new Window.Sliding(Durations.parse(token.text()).toMillis());
      next();
      return window;
    } catch (IllegalArgumentException e) {
      throw at(token, e.getMessage());
    }
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    return tokens.get(at++);
  }

  private boolean accept(String symbol) {
    if (peek().is(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  private IllegalArgumentException unexpected(String expected) {
    return at(peek(), "expected " + expected + ", found " + peek().shown());
  }

  private static IllegalArgumentException at(Token token, String message) {
    return new IllegalArgumentException(
        "line " + token.line() + ", column " + token.column() + ": " + message);
  }
}
