package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Tid;
import dev.tributary.postgres.types.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a message of {@code COPY ... TO STDOUT (FORMAT binary)}: one row, the first of which has
 * the file's head in front.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, Binary Format</a>
 */
public final class CopyRow {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };
  private static final int TID_BYTES = 6;

  private CopyRow() {}

  /**
   * Where the row starts in a message.
   *
   * @return -1 if there is none in it
   */
  public static int start(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    if (message.length >= SIGNATURE.length + 8 && startsWithSignature(message)) {
      in.position(SIGNATURE.length + 4);
      in.position(in.position() + 4 + in.getInt(in.position()));
    }
    return in.remaining() < 2 || in.getShort(in.position()) < 0 ? -1 : in.position();
  }

  private static boolean startsWithSignature(byte[] message) {
    for (int i = 0; i < SIGNATURE.length; i++) {
      if (message[i] != SIGNATURE[i]) {
        return false;
      }
    }
    return true;
  }

  /** The first columns of a row, which came as text and are not NULL. */
  public static List<String> texts(byte[] message, int start, int count) {
    ByteBuffer in = ByteBuffer.wrap(message, start + 2, message.length - start - 2);
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = in.getInt();
      texts.add(new String(message, in.position(), length, StandardCharsets.UTF_8));
      in.position(in.position() + length);
    }
    return texts;
  }

  /** The place of a row whose first column is its ctid. */
  static Tid tid(byte[] message, int start) {
    ByteBuffer in = ByteBuffer.wrap(message, start + 2, message.length - start - 2);
    if (in.getInt() != TID_BYTES) {
      throw new IllegalArgumentException("a row of COPY whose first column is no ctid");
    }
    return new Tid(in.getInt() & 0xFFFF_FFFFL, in.getShort() & 0xFFFF);
  }

  /**
   * The columns of a row; nothing is copied.
   *
   * @param start where it starts
   * @param formats how the columns were asked for; those with null came as NULL
   * @param skip how many columns are in front of those
   * @throws IllegalArgumentException if it has another number of columns
   */
  public static TupleData parse(byte[] message, int start, List<WireFormat> formats, int skip) {
    ByteBuffer in = ByteBuffer.wrap(message, start, message.length - start);
    int columns = formats.size();
    if (in.getShort() != skip + columns) {
      throw new IllegalArgumentException(
          "a row of COPY has not the expected " + (skip + columns) + " columns");
    }
    for (int i = 0; i < skip; i++) {
      in.position(in.position() + 4 + Math.max(0, in.getInt(in.position())));
    }
    int[] spans = new int[2 * columns];
    for (int i = 0; i < columns; i++) {
      int length = in.getInt();
      if (length < 0) {
        spans[2 * i + 1] = TupleData.NULL;
      } else {
        int at = in.position();
        spans[2 * i] = formats.get(i) == WireFormat.BINARY ? ~at : at;
        spans[2 * i + 1] = length;
        in.position(at + length);
      }
    }
    return new TupleData(message, spans);
  }
}
