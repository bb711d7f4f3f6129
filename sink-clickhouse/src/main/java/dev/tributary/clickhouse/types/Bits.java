package dev.tributary.clickhouse.types;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;

/**
 * Debezium's {@code io.debezium.data.Bits}: little-endian bytes, of a {@code bit(n)} column of as
 * many bits as the schema's parameter {@code length} says. As text they are zeros and ones, as the
 * database shows them; as a number the bits' value.
 */
final class Bits {
  static final String NAME = "io.debezium.data.Bits";

  /**
   * A longer declaration is that of a column without a length, whose leading zeros are not known.
   */
  private static final int MAX_PADDING = 65_536;

  private Bits() {}

  static boolean isOne(Schema schema) {
    return schema != null && NAME.equals(schema.name());
  }

  static ValueWriter text(Schema schema) {
    String declared = schema.parameters() == null ? null : schema.parameters().get("length");
    int length = declared == null ? 0 : Integer.parseInt(declared);
    int padding = length > MAX_PADDING ? 0 : length;
    return (out, value) -> {
      String digits = number(value).toString(2);
      String shown = padding == 0 && digits.equals("0") ? "" : digits;
      out.string("0".repeat(Math.max(0, padding - shown.length())) + shown);
    };
  }

  /** The bits as a number that is not negative. */
  static BigInteger number(Object value) {
    byte[] littleEndian;
    if (value instanceof ByteBuffer buffer) {
      littleEndian = new byte[buffer.remaining()];
      buffer.duplicate().get(littleEndian);
    } else if (value instanceof byte[] bytes) {
      littleEndian = bytes;
    } else {
      throw Writers.mismatch(value, "bits");
    }
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }
}
