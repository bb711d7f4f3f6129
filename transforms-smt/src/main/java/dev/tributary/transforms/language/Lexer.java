package dev.tributary.transforms.language;

import java.util.ArrayList;
import java.util.List;

/** Cuts declarations into tokens, and knows where in the text each stands. */
final class Lexer {
  private static final List<String> PAIRS = List.of("<=", ">=", "<>", "!=");

  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  private Lexer(String text) {
    this.text = text;
  }

  /**
   * All tokens; the last is of kind END.
   *
   * @throws IllegalArgumentException if a quote does not end
   */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    List<Token> tokens = new ArrayList<>();
    do {
      tokens.add(lexer.next());
    } while (tokens.get(tokens.size() - 1).kind() != Token.Kind.END);
    return tokens;
  }

  private Token next() {
    skipSpace();
    if (at == text.length()) {
      return token(Token.Kind.END, at);
    }
    char c = text.charAt(at);
    if (c == '\'') {
      return quoted(Token.Kind.TEXT, c);
    }
    if (c == '"') {
      return quoted(Token.Kind.QUOTED_NAME, c);
    }
    if (isNameStart(c)) {
      return token(Token.Kind.NAME, end(true));
    }
    if (isDigit(c)) {
      return token(Token.Kind.NUMBER, end(false));
    }
    boolean pair = at + 2 <= text.length() && PAIRS.contains(text.substring(at, at + 2));
    return token(Token.Kind.SYMBOL, at + (pair ? 2 : Character.charCount(text.codePointAt(at))));
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      pass(text.charAt(at));
    }
  }

  private void pass(char c) {
    at++;
    if (c == '\n') {
      line++;
      lineStart = at;
    }
  }

  private int end(boolean name) {
    int end = at;
    while (end < text.length() && isInside(end, name)) {
      end += name && text.charAt(end) == '\\' ? 2 : 1;
    }
    return end;
  }

  /** In a name {@code \.} is a dot of the field's own name, as in every field path. */
  private boolean isInside(int index, boolean name) {
    char c = text.charAt(index);
    return isNameStart(c)
        || isDigit(c)
        || (c == '.' && index + 1 < text.length() && isInPath(text.charAt(index + 1)))
        || (name && c == '\\' && index + 1 < text.length() && text.charAt(index + 1) == '.');
  }

  private static boolean isInPath(char c) {
    return isNameStart(c) || isDigit(c);
  }

  /** A quote is written twice inside. */
  private Token quoted(Token.Kind kind, char quote) {
    int startLine = line;
    int startColumn = at - lineStart + 1;
    StringBuilder content = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == quote) {
        if (at + 1 == text.length() || text.charAt(at + 1) != quote) {
          at++;
          return new Token(kind, content.toString(), startLine, startColumn);
        }
        at++;
      }
      content.append(c);
      pass(c);
    }
    throw new IllegalArgumentException(
        "line " + startLine + ", column " + startColumn + ": the quote " + quote + " does not end");
  }

  private Token token(Token.Kind kind, int end) {
    Token token = new Token(kind, text.substring(at, end), line, at - lineStart + 1);
    at = end;
    return token;
  }

  private static boolean isNameStart(char c) {
    return c == '_' || Character.isLetter(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
