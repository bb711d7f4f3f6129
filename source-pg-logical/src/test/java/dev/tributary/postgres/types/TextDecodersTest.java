package dev.tributary.postgres.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.WithNull;

class TextDecodersTest {
  @Property
  void readsAnyLong(@ForAll long value) {
    assertThat(decode(TextDecoders::int8, Long.toString(value))).isEqualTo(value);
  }

  @Example
  void readsTheLeastLong() {
    assertThat(decode(TextDecoders::int8, Long.toString(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
  }

  @Example
  void refusesWhatIsNoInteger() {
    for (String text : List.of("", "-", "1.5", "x", "1-")) {
      assertThatThrownBy(() -> decode(TextDecoders::int4, text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property
  void readsAnyArrayOfTexts(@ForAll List<@WithNull String> values) {
    String array =
        values.stream().map(TextDecodersTest::element).collect(Collectors.joining(",", "{", "}"));
    byte[] bytes = array.getBytes(StandardCharsets.UTF_8);
    List<String> encodable =
        values.stream()
            .map(v -> v == null ? null : new String(utf8(v), StandardCharsets.UTF_8))
            .collect(Collectors.toList());
    assertThat(TextArrays.of(TextDecoders::text, (byte) ',').decode(bytes, 0, bytes.length))
        .isEqualTo(encodable);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String element(String value) {
    return value == null ? "NULL" : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Example
  void readsPlainAndNestedArraysWithBounds() {
    ValueDecoder numbers = TextArrays.of(TextDecoders::int4, (byte) ',');
    assertThat(decode(numbers, "{1,NULL,-3}")).isEqualTo(Arrays.asList(1, null, -3));
    assertThat(decode(numbers, "[0:1]={1,2}")).isEqualTo(List.of(1, 2));
    assertThat(decode(numbers, "{{1,2},{3,4}}")).isEqualTo(List.of(1, 2, 3, 4));
    assertThat(decode(numbers, "{}")).isEqualTo(List.of());
  }

  @Example
  void readsDecimalsInTheColumnsScaleAndNaNAsNull() {
    assertThat(decode(TextDecoders.decimal(2), "12.50")).isEqualTo(new BigDecimal("12.50"));
    assertThat(decode(TextDecoders.decimal(0), "100")).isEqualTo(new BigDecimal("100"));
    assertThat(decode(TextDecoders.decimal(2), "NaN")).isNull();
    assertThat(decode(TextDecoders.decimal(2), "-Infinity")).isNull();
  }

  @Property
  void readsAnyDecimal(@ForAll BigInteger digits, @ForAll @IntRange(max = 20) int scale) {
    BigDecimal value = new BigDecimal(digits, scale);
    assertThat(decode(TextDecoders.decimal(scale), value.toPlainString())).isEqualTo(value);
  }

  @Property
  void readsAnyDecimalAsTheNearestDouble(
      @ForAll long digits, @ForAll @IntRange(max = 25) int scale) {
    String text = BigDecimal.valueOf(digits, scale).toPlainString();
    assertThat(decode(TextDecoders::float8, text)).isEqualTo(Double.valueOf(text));
  }

  @Property
  void readsAnyDouble(@ForAll double value) {
    assertThat(decode(TextDecoders::float8, Double.toString(value))).isEqualTo(value);
  }

  @Example
  void readsDoublesThatAreWrittenInOtherWays() {
    for (String text : List.of("-0", "0", "-0.5", "1e+300", "Infinity", "-Infinity", "NaN")) {
      assertThat(decode(TextDecoders::float8, text)).isEqualTo(Double.valueOf(text));
    }
  }

  @Example
  void refusesWhatIsNoNumber() {
    for (String text : List.of("1.2.3", "1-2", "1,5", "x")) {
      assertThatThrownBy(() -> decode(TextDecoders.decimal(2), text + "0"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> decode(TextDecoders::float8, text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Object decode(ValueDecoder decoder, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return decoder.decode(bytes, 0, bytes.length);
  }
}
