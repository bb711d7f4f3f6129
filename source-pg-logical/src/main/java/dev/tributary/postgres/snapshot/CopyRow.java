package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.pgoutput.TupleData;

/**
 * Reads a line of {@code COPY ... TO STDOUT} in text format.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, File Formats</a>
 */
final class CopyRow {
  private CopyRow() {}

  /**
   * Splits a line into its columns; unescapes them in place.
   *
   * @param line with the line break at its end
   * @throws IllegalArgumentException if it has another number of columns
   */
  static TupleData parse(byte[] line, int columns) {
    int[] spans = new int[2 * columns];
    int end = line.length;
    if (end > 0 && line[end - 1] == '\n') {
      end--;
    }
    int column = 0;
    int read = 0;
    int write = 0;
    int start = 0;
    while (columns > 0) {
      if (read == end || line[read] == '\t') {
        if (column == columns) {
          throw wrong(columns);
        }
        spans[2 * column] = start;
        if (spans[2 * column + 1] != TupleData.NULL) {
          spans[2 * column + 1] = write - start;
        }
        column++;
        if (read == end) {
          break;
        }
        read++;
        start = write;
      } else if (line[read] == '\\' && read + 1 < end) {
        if (line[read + 1] == 'N' && column < columns) {
          spans[2 * column + 1] = TupleData.NULL;
        } else {
          line[write++] = unescaped(line[read + 1]);
        }
        read += 2;
      } else {
        line[write++] = line[read++];
      }
    }
    if (column != columns) {
      throw wrong(columns);
    }
    return new TupleData(line, spans);
  }

  private static IllegalArgumentException wrong(int columns) {
    return new IllegalArgumentException(
        "a line of COPY has not the expected " + columns + " columns");
  }

  private static byte unescaped(byte escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      default -> escaped;
    };
  }
}
