package dev.tributary.clickhouse.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the tokens of a statement, as far as needed to tell where they end: words, quoted
 * things, single characters. White space and comments are passed over. The rules are those of
 * src/Parsers/Lexer.cpp in ClickHouse's sources.
 */
final class SqlScanner {

  private final byte[] text;
  private final int limit;
  private int start;
  private int end;
  private int depth;

  SqlScanner(byte[] text, int limit) {
    this.text = text;
    this.limit = limit;
  }

  /** Moves to the next token; false at the end. */
  boolean next() {
    start = afterBlanks(end);
    if (start >= limit) {
      end = limit;
      return false;
    }
    char first = (char) (text[start] & 0xff);
    if (first == '\'' || first == '"' || first == '`') {
      end = afterQuoted(start, first);
    } else if (isWord(first)) {
      end = start + 1;
      while (end < limit && isWord((char) (text[end] & 0xff))) {
        end++;
      }
    } else {
      end = first == '$' ? afterHeredoc(start) : start + 1;
      if (first == '(' || first == '[' || first == '{') {
        depth++;
      } else if (first == ')' || first == ']' || first == '}') {
        depth--;
      }
    }
    return true;
  }

  /** Moves to the next token and tells whether it is this one. */
  boolean nextIs(String word) {
    return next() && is(word);
  }

  /** Another scanner at the same place, to look ahead with. */
  SqlScanner copy() {
    SqlScanner copy = new SqlScanner(text, limit);
    copy.start = start;
    copy.end = end;
    copy.depth = depth;
    return copy;
  }

  /** Whether the token is this keyword or character, in any case. */
  boolean is(String word) {
    return end - start == word.length() && token().equalsIgnoreCase(word);
  }

  /** How many brackets are open after the token. */
  int depth() {
    return depth;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  String token() {
    return new String(text, start, end - start, StandardCharsets.UTF_8);
  }

  private int afterBlanks(int from) {
    int at = from;
    while (at < limit) {
      byte c = text[at];
      if (c >= 0 && c <= ' ') {
        at++;
      } else if (isLineComment(at)) {
        while (at < limit && text[at] != '\n') {
          at++;
        }
      } else if (c == '/' && peek(at + 1) == '*') {
        at += 2;
        while (at < limit && !(text[at] == '*' && peek(at + 1) == '/')) {
          at++;
        }
        at = Math.min(limit, at + 2);
      } else {
        break;
      }
    }
    return at;
  }

  private boolean isLineComment(int at) {
    int second = peek(at + 1);
    return switch (text[at]) {
      case '-' -> second == '-';
      case '#' -> second == ' ' || second == '!';
      default -> false;
    };
  }

  private int afterQuoted(int from, char quote) {
    int at = from + 1;
    while (at < limit) {
      if (text[at] == '\\') {
        at++;
      } else if (text[at] == quote) {
        if (peek(at + 1) != quote) {
          return at + 1;
        }
        at++;
      }
      at++;
    }
    return limit;
  }

  /** {@code $tag$ anything $tag$}; a dollar that starts none stands for itself. */
  private int afterHeredoc(int from) {
    int tagEnd = from + 1;
    while (tagEnd < limit && isWord((char) (text[tagEnd] & 0xff))) {
      tagEnd++;
    }
    if (peek(tagEnd) != '$') {
      return from + 1;
    }
    int length = tagEnd + 1 - from;
    for (int at = tagEnd + 1; at + length <= limit; at++) {
      if (Arrays.equals(text, from, from + length, text, at, at + length)) {
        return at + length;
      }
    }
    return from + 1;
  }

  private int peek(int at) {
    return at < limit ? text[at] : -1;
  }

  private static boolean isWord(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '_' || c > 127;
  }
}
