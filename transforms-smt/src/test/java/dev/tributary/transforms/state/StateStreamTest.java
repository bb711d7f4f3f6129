package dev.tributary.transforms.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

@SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
class StateStreamTest {
  @Property
  void numbersAndRealsComeBackToTheBit(@ForAll long number, @ForAll long bits) {
    Written.down(
        out -> {
          out.number(number);
          out.real(Double.longBitsToDouble(bits));
        },
        in -> {
          assertThat(in.number()).isEqualTo(number);
          assertThat(Double.doubleToRawLongBits(in.real())).isEqualTo(bits);
        });
  }

  @Property
  void textsComeBackAsTheyAre(@ForAll String text) {
    Written.down(out -> out.value(text), in -> assertThat(in.value()).isEqualTo(text));
  }

  @Test
  void valuesComeBackEqualAndOfTheSameClass() {
    Map<String, Object> map = new HashMap<>();
    map.put("a", null);
    map.put("b", List.of(1, 2L, "x"));
    for (Object value :
        Arrays.asList(
            null,
            Long.MIN_VALUE,
            -1,
            (short) 7,
            (byte) -7,
            -0.0,
            Double.NaN,
            1.5f,
            true,
            false,
            "",
            "caf\u00e9",
            "half a pair \ud83d",
            new BigDecimal("-12.340"),
            new BigDecimal("1e40"),
            BigInteger.TWO.pow(100).negate(),
            new Date(-5),
            ByteBuffer.wrap(new byte[] {1, 2}),
            Arrays.asList(1L, null, List.of("nested")),
            map)) {
      Written.down(
          out -> out.value(value),
          in -> {
            Object read = in.value();
            assertThat(read).isEqualTo(value);
            if (value != null && !(value instanceof List) && !(value instanceof Map)) {
              assertThat(read).hasSameClassAs(value);
            }
          });
    }
    Written.down(
        out -> out.value(new byte[] {3}), in -> assertThat((byte[]) in.value()).containsExactly(3));
  }

  @Test
  void bytesMayBeLongerThanTheBuffer() {
    byte[] bytes = new byte[200_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    Written.down(
        out -> {
          out.number(1);
          out.bytes(bytes);
          out.real(2.5);
        },
        in -> {
          assertThat(in.number()).isEqualTo(1);
          assertThat(in.bytes()).isEqualTo(bytes);
          assertThat(in.real()).isEqualTo(2.5);
        });
  }

  @Test
  void refusesWhatHasNoFormAndNamesNoData() {
    assertThatThrownBy(
            () -> Written.down(out -> out.value(new AtomicInteger(1234)), in -> in.value()))
        .isInstanceOf(NotStorableException.class)
        .hasMessage("a java.util.concurrent.atomic.AtomicInteger");
  }

  @Test
  void anEndThatComesTooEarlyIsAnError() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StateStream.Output out = StateStream.to(bytes);
    out.bytes(new byte[100]);
    out.flush();
    byte[] part = Arrays.copyOf(bytes.toByteArray(), 50);
    StateInput in = StateStream.from(new ByteArrayInputStream(part));
    assertThatThrownBy(in::bytes).isInstanceOf(UncheckedIOException.class);
  }
}
