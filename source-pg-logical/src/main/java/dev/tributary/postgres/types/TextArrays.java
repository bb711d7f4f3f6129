package dev.tributary.postgres.types;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays that the server sent as text: <code>{1,NULL,"a \"quoted\" one"}</code>, with or without
 * bounds in front. An array of several dimensions becomes one list, row by row, since Connect's
 * schema does not tell how many dimensions there are.
 *
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO">Array Input and
 *     Output Syntax</a>
 */
final class TextArrays {
  private TextArrays() {}

  /**
   * @param delimiter between elements: a comma for all types of the server but {@code box}, a colon
   *     for PostGIS', a space for vectors, which have no braces
   */
  static ValueDecoder of(ValueDecoder element, byte delimiter) {
    return (data, start, length) -> decode(data, start, start + length, element, delimiter);
  }

  private static List<Object> decode(
      byte[] data, int start, int end, ValueDecoder element, byte delimiter) {
    int at = start;
    while (at < end && data[at] != '{') { // [0:1]={1,2}
      at++;
    }
    at = at == end ? start : at;
    List<Object> values = new ArrayList<>();
    while (at < end) {
      byte next = data[at];
      if (next == '{' || next == '}' || next == delimiter) {
        at++;
      } else if (next == '"') {
        int close = closingQuote(data, at + 1, end);
        values.add(quoted(data, at + 1, close, element));
        at = close + 1;
      } else {
        int stop = at;
        while (stop < end && data[stop] != delimiter && data[stop] != '}') {
          stop++;
        }
        values.add(isNull(data, at, stop) ? null : element.decode(data, at, stop - at));
        at = stop;
      }
    }
    return values;
  }

  private static int closingQuote(byte[] data, int start, int end) {
    for (int i = start; i < end; i++) {
      if (data[i] == '\\') {
        i++;
      } else if (data[i] == '"') {
        return i;
      }
    }
    throw new IllegalArgumentException("an array with a quote that does not end");
  }

  private static Object quoted(byte[] data, int start, int end, ValueDecoder element) {
    byte[] plain = new byte[end - start];
    int length = 0;
    for (int i = start; i < end; i++) {
      if (data[i] == '\\') {
        i++;
      }
      plain[length++] = data[i];
    }
    return element.decode(plain, 0, length);
  }

  private static boolean isNull(byte[] data, int start, int end) {
    return end - start == 4
        && data[start] == 'N'
        && data[start + 1] == 'U'
        && data[start + 2] == 'L'
        && data[start + 3] == 'L';
  }
}
