package dev.tributary.transforms.features;

import java.util.ArrayList;
import java.util.List;

/** Cuts declarations into tokens, and knows where in the text each stands. */
final class Lexer {
  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  private Lexer(String text) {
    this.text = text;
  }

  /** All tokens; the last is of kind END. */
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
    if (isNameStart(c)) {
      return token(Token.Kind.NAME, end(false));
    }
    if (isDigit(c)) {
      return token(Token.Kind.NUMBER, end(true));
    }
    return token(Token.Kind.SYMBOL, at + Character.charCount(text.codePointAt(at)));
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      if (text.charAt(at) == '\n') {
        line++;
        lineStart = at + 1;
      }
      at++;
    }
  }

  private int end(boolean number) {
    int end = at;
    while (end < text.length() && isInside(text.charAt(end), number)) {
      end++;
    }
    return end;
  }

  private Token token(Token.Kind kind, int end) {
    Token token = new Token(kind, text.substring(at, end), line, at - lineStart + 1);
    at = end;
    return token;
  }

  private static boolean isInside(char c, boolean number) {
    return isNameStart(c) || isDigit(c) || (number && c == '.');
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
