package dev.tributary.transforms;

import dev.tributary.common.event.FieldPath;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Reads numbers. */
final class Numbers {
  private static final String VARIABLE_SCALE = "io.debezium.data.VariableScaleDecimal";

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
        throw noNumber("text that is no number", field, record);
      }
    }
    if (value instanceof Struct struct && VARIABLE_SCALE.equals(struct.schema().name())) {
      return new BigDecimal(new BigInteger(struct.getBytes("value")), struct.getInt32("scale"))
          .doubleValue();
    }
    throw noNumber("a " + value.getClass().getSimpleName(), field, record);
  }

  private static DataException noNumber(String what, FieldPath field, ConnectRecord<?> record) {
    return EventReader.refused(
        record, "the field '" + field + "' holds " + what + "; correct 'fields'");
  }
}
