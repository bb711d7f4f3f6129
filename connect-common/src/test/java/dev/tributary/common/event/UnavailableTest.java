package dev.tributary.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnavailableTest {
  private final Unavailable unavailable = new Unavailable(Unavailable.DEFAULT);

  @Test
  void knowsThePlaceholderInEveryForm() {
    byte[] bytes = "__debezium_unavailable_value".getBytes(UTF_8);

    assertThat(unavailable.is("__debezium_unavailable_value")).isTrue();
    assertThat(unavailable.is("X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==")).isTrue();
    assertThat(unavailable.is("5f5f646562657a69756d5f756e617661696c61626c655f76616c7565")).isTrue();
    assertThat(unavailable.is(bytes)).isTrue();
    assertThat(unavailable.is(ByteBuffer.wrap(bytes))).isTrue();
    assertThat(unavailable.is(List.of("__debezium_unavailable_value"))).isTrue();
  }

  @Test
  void leavesOtherValuesAlone() {
    assertThat(unavailable.is(null)).isFalse();
    assertThat(unavailable.is("text")).isFalse();
    assertThat(unavailable.is(5)).isFalse();
    assertThat(unavailable.is(new byte[0])).isFalse();
    assertThat(unavailable.is(List.of())).isFalse();
    assertThat(new Unavailable("").is("")).isFalse();
    assertThat(new Unavailable("").is(Unavailable.DEFAULT)).isFalse();
  }
}
