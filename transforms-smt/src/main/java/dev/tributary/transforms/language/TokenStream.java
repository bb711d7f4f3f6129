package dev.tributary.transforms.language;

import dev.tributary.common.config.Durations;
import dev.tributary.common.event.FieldPath;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tokens that are read one after the other, and the errors that name where they stand. */
public final class TokenStream {
  private static final int CLOSE_ENOUGH = 3;

  private final List<Token> tokens;
  private final Set<String> words;
  private int at;

  /**
   * At the first token of a text.
   *
   * @param words in lower case, those that are no fields unless they are quoted, besides those of
   *     conditions
   * @throws IllegalArgumentException if a quote does not end
   */
  public TokenStream(String text, Set<String> words) {
    this.tokens = Lexer.tokens(text);
    this.words = Set.copyOf(words);
  }

  public Token peek() {
    return tokens.get(at);
  }

  public Token next() {
    return tokens.get(at++);
  }

  /** Whether a field comes next. */
  public boolean atField() {
    String word = peek().text().toLowerCase(Locale.ROOT);
    return peek().kind() == Token.Kind.QUOTED_NAME
        || (peek().kind() == Token.Kind.NAME
            && !ConditionParser.WORDS.contains(word)
            && !words.contains(word));
  }

  /** Reads the field that comes next: its path. */
  public String field() {
    try {
      FieldPath.parse(peek().text());
    } catch (IllegalArgumentException e) {
      throw error(peek(), e.getMessage());
    }
    return next().text();
  }

  /** Reads a duration, in milliseconds. */
  public long duration(String expected) {
    Token token = peek();
    if (token.kind() != Token.Kind.NUMBER) {
      throw unexpected(expected);
    }
    try {
      long ms = Durations.parse(token.text()).toMillis();
      at++;
      return ms;
    } catch (IllegalArgumentException e) {
      throw error(token, e.getMessage());
    }
  }

  /** Reads a symbol or a word if it comes next. */
  public boolean accept(String symbol) {
    if (peek().is(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  public void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  /** What is wrong where something else was expected. */
  public IllegalArgumentException unexpected(String expected) {
    return error(peek(), "expected " + expected + ", found " + peek().shown());
  }

  /** What is wrong, with line and column. */
  public static IllegalArgumentException error(Token token, String message) {
    return new IllegalArgumentException(
        "line " + token.line() + ", column " + token.column() + ": " + message);
  }

  /** The name that somebody may have meant: {@code "; did you mean 'x'?"}, or nothing. */
  public static String didYouMean(String written, List<String> known) {
    String lower = written.toLowerCase(Locale.ROOT);
    Optional<String> nearest =
        known.stream().min(Comparator.comparingInt(name -> distance(lower, name)));
    return nearest
        .filter(
            name ->
                distance(lower, name) <= Math.min(CLOSE_ENOUGH, name.length() / 2)
                    || (lower.length() > 2 && (name.startsWith(lower) || lower.startsWith(name))))
        .map(name -> "; did you mean '" + name + "'?")
        .orElse("");
  }

  /** How many letters must be changed, put in or left out (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
