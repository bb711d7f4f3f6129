package dev.tributary.transforms;

import dev.tributary.common.event.FieldPath;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Reads numbers. */
final class Numbers {
  static final String VARIABLE_SCALE = "io.debezium.data.VariableScaleDecimal";

  /** No number that means something has more digits; one written as 1e999999999 would. */
  private static final int MAX_SCALE = 1_000;

  private Numbers() {}

  /**
   * A field's value as a double: any number, a number written as text, or Debezium's {@code
   * VariableScaleDecimal}.
   *
   * @throws DataException if it is nothing of that
   */
  static double toDouble(Object value, FieldPath field, ConnectRecord<?> record) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        // without the cause, which quotes the value
        throw noNumber("text that is no number", field, record, "fields");
      }
    }
    if (isVariableScale(value)) {
      return decimal((Struct) value).doubleValue();
    }
    throw noNumber("a " + value.getClass().getSimpleName(), field, record, "fields");
  }

  /**
   * A field's value as an exact number: a Long, Integer, Short, Byte, Double, Float, BigDecimal or
   * BigInteger; of text a BigDecimal, of a boolean 1 or 0. Null for what is not finite.
   *
   * @param value as {@link #plain} gives it, not null
   * @throws DataException if it is no number
   */
  static Number toNumber(Object value, FieldPath field, ConnectRecord<?> record) {
    if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(((Number) value).doubleValue()) ? (Number) value : null;
    }
    if (value instanceof Number number) {
      return number;
    }
    if (value instanceof Boolean bool) {
      return bool ? 1L : 0L;
    }
    if (value instanceof String text) {
      return ofText(text.strip(), field, record);
    }
    throw noNumber("a " + value.getClass().getSimpleName(), field, record, "features");
  }

  private static Number ofText(String text, FieldPath field, ConnectRecord<?> record) {
    if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
      return null;
    }
    BigDecimal decimal;
    try {
      decimal = new BigDecimal(text);
    } catch (NumberFormatException e) {
      // without the cause, which quotes the value
      throw noNumber("text that is no number", field, record, "features");
    }
    if (Math.abs((long) decimal.scale()) > MAX_SCALE) {
      throw noNumber("a number beyond all measure", field, record, "features");
    }
    return decimal;
  }

  /** A value as features read it: a BigDecimal where a Struct holds one, bytes by value. */
  static Object plain(Object value) {
    if (isVariableScale(value)) {
      return decimal((Struct) value);
    }
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }

  private static boolean isVariableScale(Object value) {
    return value instanceof Struct struct && VARIABLE_SCALE.equals(struct.schema().name());
  }

  private static BigDecimal decimal(Struct struct) {
    return new BigDecimal(new BigInteger(struct.getBytes("value")), struct.getInt32("scale"));
  }

  private static DataException noNumber(
      String what, FieldPath field, ConnectRecord<?> record, String setting) {
    return EventReader.refused(
        record, "the field '" + field + "' holds " + what + "; correct '" + setting + "'");
  }
}
