package dev.tributary.postgres.types;

import java.math.BigDecimal;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;

/** {@code numeric} and {@code money}, as {@link TypeModes.Decimals} has them. */
final class NumberTypes {
  private static final int HEADER = 4; // of a type modifier
  private static final int NO_PRECISION = -1;
  private static final int CENTS = 2;

  private final TypeModes modes;

  NumberTypes(TypeModes modes) {
    this.modes = modes;
  }

  /** A negative scale rounds to tens and hundreds; such values are whole. */
  ValueType numeric(int modifier) {
    int precision = (modifier - HEADER) >> 16 & 0xFFFF;
    int signedScale = ((modifier - HEADER & 0x7FF) ^ 0x400) - 0x400;
    int scale = Math.max(signedScale, 0);
    boolean variable = modifier < HEADER;
    return switch (modes.decimals()) {
      case STRING ->
          ValueType.of(
              SchemaBuilder::string,
              variable ? TextDecoders::decimalText : TextDecoders.decimalText(scale),
              variable ? "0" : BigDecimal.ZERO.setScale(scale).toPlainString());
      case DOUBLE -> ValueType.of(SchemaBuilder::float64, TextDecoders::float8, 0d);
      case PRECISE ->
          variable
              ? variableScale()
              : decimal(scale, precision + Math.max(-signedScale, 0), TextDecoders.decimal(scale));
    };
  }

  private static ValueType variableScale() {
    return ValueType.reading(
            Schemas::variableScaleDecimal,
            TextDecoders::variableScaleDecimal,
            TextDecoders.variableScaleDecimal(Schemas.VARIABLE_SCALE_DECIMAL, BigDecimal.ZERO))
        .withoutDefault();
  }

  /** As text and as a double with the server's two digits behind the point, whatever is set. */
  ValueType money() {
    int digits = modes.moneyDigits();
    ValueDecoder exact = TextDecoders.money(CENTS);
    ValueType type =
        switch (modes.decimals()) {
          case STRING ->
              ValueType.of(
                  SchemaBuilder::string,
                  (data, start, length) ->
                      ((BigDecimal) exact.decode(data, start, length)).toPlainString(),
                  BigDecimal.ZERO.setScale(digits).toPlainString());
          case DOUBLE ->
              ValueType.of(
                  SchemaBuilder::float64,
                  (data, start, length) ->
                      ((BigDecimal) exact.decode(data, start, length)).doubleValue(),
                  0d);
          case PRECISE -> decimal(digits, NO_PRECISION, TextDecoders.money(digits));
        };
    return type.withoutDefault();
  }

  private static ValueType decimal(int scale, int precision, ValueDecoder text) {
    return ValueType.of(
        () ->
            precision == NO_PRECISION
                ? Decimal.builder(scale)
                : Decimal.builder(scale)
                    .parameter("connect.decimal.precision", Integer.toString(precision)),
        text,
        BigDecimal.ZERO.setScale(scale));
  }
}
