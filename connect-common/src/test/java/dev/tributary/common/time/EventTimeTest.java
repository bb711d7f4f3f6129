package dev.tributary.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
class EventTimeTest {
  private static final long T = Instant.parse("2026-11-20T21:00:00.123Z").toEpochMilli();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-20T21:00:00.123Z",
        "2026-11-20t21:00:00.123z",
        "2026-11-20T21:00:00.123456789Z",
        "2026-11-20 21:00:00.123+00",
        "2026-11-20 21:00:00.123",
        "2026-11-20T21:00:00.123",
        "2026-11-20T22:00:00.123+01:00",
        "2026-11-20T22:00:00.123+0100",
        "2026-11-20 16:00:00.123-05",
        "2026-11-21 02:30:00.123+05:30",
        "2026-11-20 21:00:00.123 +00:00",
        "2026-11-20T22:00:00.123+01:00[Europe/Berlin]",
        "  2026-11-20T21:00:00.123Z ",
      })
  void readsTextOfIsoAndOfPostgres(String text) {
    assertThat(EventTime.toEpochMillis(text, null, EpochUnit.AUTO)).isEqualTo(T);
  }

  @Test
  void takesADateAloneAsItsMidnightInUtc() {
    assertThat(EventTime.toEpochMillis("2026-11-20", null, EpochUnit.AUTO))
        .isEqualTo(Instant.parse("2026-11-20T00:00:00Z").toEpochMilli());
    assertThat(EventTime.toEpochMillis("2026-11-20T21:00", null, EpochUnit.AUTO))
        .isEqualTo(Instant.parse("2026-11-20T21:00:00Z").toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO, 1795208400, 1795208400000",
    "AUTO, 1795208400123, 1795208400123",
    "AUTO, 1795208400123456, 1795208400123",
    "AUTO, 1795208400123456789, 1795208400123",
    "AUTO, 0, 0",
    "AUTO, -1, -1000",
    "AUTO, 99999999999, 99999999999000",
    "AUTO, 100000000000, 100000000000",
    "AUTO, 99999999999999, 99999999999999",
    "AUTO, 100000000000000, 100000000000",
    "AUTO, 99999999999999999, 99999999999999",
    "AUTO, 100000000000000000, 100000000000",
    "S, 1795208400, 1795208400000",
    "MS, 1, 1",
    "US, -1, -1",
    "NS, 1999999, 1",
    "NS, -1, -1",
  })
  void readsNumbersByUnitAndByMagnitude(EpochUnit unit, long number, long expected) {
    assertThat(EventTime.toEpochMillis(number, null, unit)).isEqualTo(expected);
    if (Math.abs(number) >= 100_000_000L) {
      assertThat(EventTime.toEpochMillis(Long.toString(number), null, unit)).isEqualTo(expected);
    }
  }

  @Test
  void readsFractions() {
    assertThat(EventTime.toEpochMillis(1795208400.123, null, EpochUnit.AUTO))
        .isEqualTo(1795208400123L);
    assertThat(EventTime.toEpochMillis(new BigDecimal("1795208400.123"), null, EpochUnit.AUTO))
        .isEqualTo(1795208400123L);
    assertThat(EventTime.toEpochMillis("1795208400.123", null, EpochUnit.AUTO))
        .isEqualTo(1795208400123L);
    assertThat(EventTime.toEpochMillis(new BigDecimal("1795208400123456"), null, EpochUnit.AUTO))
        .isEqualTo(1795208400123L);
    assertThat(EventTime.toEpochMillis(1.795208400123E12, null, EpochUnit.AUTO))
        .isEqualTo(1795208400123L);
  }

  @ParameterizedTest
  @CsvSource({
    "io.debezium.time.Timestamp, 5, 5",
    "io.debezium.time.MicroTimestamp, 5999, 5",
    "io.debezium.time.MicroTimestamp, -1, -1",
    "io.debezium.time.NanoTimestamp, 5999999, 5",
    "io.debezium.time.Date, 2, 172800000",
    "something.else, 5, 5000",
  })
  void believesTheSchemaBeforeTheUnit(String name, long number, long expected) {
    Schema schema = SchemaBuilder.int64().name(name).build();
    assertThat(EventTime.toEpochMillis(number, schema, EpochUnit.S)).isEqualTo(expected);
  }

  @Test
  void readsConnectsLogicalTypes() {
    assertThat(EventTime.toEpochMillis(new Date(T), Timestamp.SCHEMA, EpochUnit.AUTO)).isEqualTo(T);
    assertThat(EventTime.toEpochMillis(new Date(T), null, EpochUnit.AUTO)).isEqualTo(T);
    assertThatThrownBy(() -> EventTime.toEpochMillis(new Date(5), Time.SCHEMA, EpochUnit.AUTO))
        .hasMessageContaining("time of day without a date");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.debezium.time.Time",
        "io.debezium.time.MicroTime",
        "io.debezium.time.NanoTime",
      })
  void refusesATimeOfDay(String name) {
    Schema schema = SchemaBuilder.int64().name(name).build();
    assertThatThrownBy(() -> EventTime.toEpochMillis(5L, schema, EpochUnit.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("time of day without a date");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "infinity",
        "-infinity",
        "21:00:00",
        "2026-13-01",
        "2026-02-30",
        "20261120",
        "2026-11-20T25:00:00Z",
        "2026-11-20T21:00:00Q",
        "1795208400.",
        "179520840000000000000000",
      })
  void refusesOtherTextWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> EventTime.toEpochMillis(text, null, EpochUnit.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2026-11-20T21:00:00.123Z")
        .hasNoCause();
    if (!text.isEmpty()) {
      assertThatThrownBy(() -> EventTime.toEpochMillis(text, null, EpochUnit.AUTO))
          .message()
          .doesNotContain("'" + text + "'");
    }
  }

  @Test
  void refusesWhatIsNoTimeAtAll() {
    for (Object value :
        new Object[] {true, new byte[1], Double.NaN, Double.POSITIVE_INFINITY, 1e300}) {
      assertThatThrownBy(() -> EventTime.toEpochMillis(value, null, EpochUnit.AUTO))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> EventTime.toEpochMillis(Long.MAX_VALUE, null, EpochUnit.S))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too large");
  }
}
