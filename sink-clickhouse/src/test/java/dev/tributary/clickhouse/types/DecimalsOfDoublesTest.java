package dev.tributary.clickhouse.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON without schemas has doubles where a table has decimals. */
class DecimalsOfDoublesTest {

  private static ValueWriter writer(int precision, int scale) {
    return Writers.of(TypeParser.parse("Decimal(" + precision + ", " + scale + ")"), null);
  }

  private static long written(ValueWriter writer, int precision, double value) {
    RowBinary out = new RowBinary();
    writer.write(out, value);
    assertThat(out.size()).isEqualTo(precision <= 9 ? 4 : 8);
    ByteBuffer bytes = ByteBuffer.wrap(out.array()).order(ByteOrder.LITTLE_ENDIAN);
    return precision <= 9 ? bytes.getInt() : bytes.getLong();
  }

  @ParameterizedTest
  @CsvSource({"9,0", "9,2", "9,9", "12,2", "18,2", "18,6", "18,18"})
  void isWhatItsShortestTextSays(int precision, int scale) {
    ValueWriter writer = writer(precision, scale);
    Random random = new Random(precision * 31L + scale);
    for (int i = 0; i < 20_000; i++) {
      int digits = 1 + random.nextInt(Math.min(15, precision));
      BigInteger unscaled = new BigInteger(50, random).mod(BigInteger.TEN.pow(digits));
      double value = new BigDecimal(unscaled, scale).doubleValue() * (i % 2 == 0 ? 1 : -1);

      assertThat(written(writer, precision, value))
          .as("%s", value)
          .isEqualTo(
              new BigDecimal(Double.toString(value)).setScale(scale).unscaledValue().longValue());
    }
  }

  @Test
  void keepsDigitsThatOnlyItsTextTells() {
    assertThat(written(writer(18, 0), 18, 123_456_789_012_345_680.0))
        .isEqualTo(123_456_789_012_345_680L);
    assertThat(written(writer(18, 17), 18, 0.30000000000000004)).isEqualTo(30_000_000_000_000_004L);
    assertThat(written(writer(9, 2), 9, -0.0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.001,
        0.30000000000000004,
        99.999,
        1e9,
        10_000_000.0,
        -10_000_000.0,
        1e300,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY
      })
  void refusesWhatDoesNotFit(double value) {
    ValueWriter writer = writer(9, 2);

    assertThatThrownBy(() -> writer.write(new RowBinary(), value))
        .isInstanceOf(UnwritableValueException.class);
  }
}
