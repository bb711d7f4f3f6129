package dev.tributary.clickhouse.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Debezium's {@code io.debezium.data.VariableScaleDecimal}: a struct of {@code scale} (int32) and
 * the unscaled {@code value} (big-endian two's complement bytes).
 */
final class VariableScale {
  static final String NAME = "io.debezium.data.VariableScaleDecimal";

  private VariableScale() {}

  static boolean isOne(Schema schema) {
    return schema != null && NAME.equals(schema.name());
  }

  static BigDecimal value(Struct struct) {
    Object value = struct.get("value");
    byte[] unscaled;
    if (value instanceof ByteBuffer buffer) {
      unscaled = new byte[buffer.remaining()];
      buffer.duplicate().get(unscaled);
    } else {
      unscaled = (byte[]) value;
    }
    return new BigDecimal(new BigInteger(unscaled), struct.getInt32("scale"));
  }
}
