package dev.tributary.transforms.features;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tokens that are read one after the other, and the errors that name where they stand. */
final class TokenStream {
  private static final int CLOSE_ENOUGH = 3;

  private final List<Token> tokens;
  private int at;

  TokenStream(String text) {
    this.tokens = Lexer.tokens(text);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    return tokens.get(at++);
  }

  boolean accept(String symbol) {
    if (peek().is(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  IllegalArgumentException unexpected(String expected) {
    return error(peek(), "expected " + expected + ", found " + peek().shown());
  }

  static IllegalArgumentException error(Token token, String message) {
    return new IllegalArgumentException(
        "line " + token.line() + ", column " + token.column() + ": " + message);
  }

  /** The name that somebody may have meant: {@code "; did you mean 'x'?"}, or nothing. */
  static String didYouMean(String written, List<String> known) {
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
