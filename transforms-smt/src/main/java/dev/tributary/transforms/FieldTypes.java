package dev.tributary.transforms;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Types that follow those of the fields of a row, and values of them. */
final class FieldTypes {
  private FieldTypes() {}

  /** The same type, but nullable and without a default; text where there is no such field. */
  static Schema optional(Schema schema) {
    if (schema == null) {
      return Schema.OPTIONAL_STRING_SCHEMA;
    }
    if (schema.isOptional() && schema.defaultValue() == null) {
      return schema;
    }
    SchemaBuilder builder =
        switch (schema.type()) {
          case ARRAY -> SchemaBuilder.array(schema.valueSchema());
          case MAP -> SchemaBuilder.map(schema.keySchema(), schema.valueSchema());
          default -> new SchemaBuilder(schema.type());
        };
    if (schema.type() == Schema.Type.STRUCT) {
      schema.fields().forEach(field -> builder.field(field.name(), field.schema()));
    }
    builder.name(schema.name()).version(schema.version()).doc(schema.doc()).optional();
    if (schema.parameters() != null) {
      builder.parameters(schema.parameters());
    }
    return builder.build();
  }

  /**
   * The type of a sum of such fields: INT64 of whole numbers and booleans, Decimal with the same
   * scale, {@code VariableScaleDecimal}, text of numbers written as text, else FLOAT64.
   */
  static Schema ofSum(Schema schema) {
    if (schema == null) {
      return Schema.OPTIONAL_FLOAT64_SCHEMA;
    }
    return switch (schema.type()) {
      case INT8, INT16, INT32, INT64, BOOLEAN -> Schema.OPTIONAL_INT64_SCHEMA;
      case STRING -> Schema.OPTIONAL_STRING_SCHEMA;
      case STRUCT -> optional(schema);
      case BYTES ->
          Decimal.LOGICAL_NAME.equals(schema.name())
              ? Decimal.builder(scale(schema)).optional().build()
              : Schema.OPTIONAL_FLOAT64_SCHEMA;
      default -> Schema.OPTIONAL_FLOAT64_SCHEMA;
    };
  }

  /**
   * A value as the schema asks for it. It may have been read when the field had another type; null
   * if this one cannot hold it.
   */
  static Object write(Object value, Schema schema) {
    if (Numbers.VARIABLE_SCALE.equals(schema.name())) {
      return value instanceof Number number ? variableScale(decimal(number), schema) : null;
    }
    if (Decimal.LOGICAL_NAME.equals(schema.name())) {
      return value instanceof Number number
          ? decimal(number).setScale(scale(schema), RoundingMode.HALF_EVEN)
          : null;
    }
    if (schema.type() == Schema.Type.STRING) {
      return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    }
    if (value instanceof Number number && isNumber(schema.type())) {
      return number(number, schema.type());
    }
    return value;
  }

  /** A decimal as text: JSON has no decimals, and no converter takes them without a schema. */
  static Object writeWithoutSchema(Object value) {
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : value;
  }

  private static boolean isNumber(Schema.Type type) {
    return switch (type) {
      case INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 -> true;
      default -> false;
    };
  }

  private static Object number(Number number, Schema.Type type) {
    if (type == Schema.Type.FLOAT64) {
      return number.doubleValue();
    }
    if (type == Schema.Type.FLOAT32) {
      return number.floatValue();
    }
    long whole;
    try {
      whole = number instanceof Long same ? same : decimal(number).longValueExact();
    } catch (ArithmeticException e) {
      return null;
    }
    return switch (type) {
      case INT8 -> (byte) whole == whole ? (Object) (byte) whole : null;
      case INT16 -> (short) whole == whole ? (Object) (short) whole : null;
      case INT32 -> (int) whole == whole ? (Object) (int) whole : null;
      default -> (Object) whole;
    };
  }

  private static BigDecimal decimal(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    return number instanceof BigInteger integer
        ? new BigDecimal(integer)
        : new BigDecimal(number.toString());
  }

  private static Struct variableScale(BigDecimal decimal, Schema schema) {
    return new Struct(schema)
        .put("scale", decimal.scale())
        .put("value", decimal.unscaledValue().toByteArray());
  }

  private static int scale(Schema schema) {
    return Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD));
  }
}
