package dev.tributary.postgres.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Against java.time. */
class TextTimesTest {
  private static final long MICROS = 1_000_000L;

  @Property
  void datesAreDaysSinceTheEpoch(@ForAll @IntRange(min = -2_400_000, max = 100_000_000) int day) {
    assertThat(decode(TextTimes::date, date(LocalDate.ofEpochDay(day)))).isEqualTo(day);
  }

  @Property
  void timestampsAreMicrosSinceTheEpoch(
      @ForAll @LongRange(min = -200_000_000_000L, max = 9_000_000_000_000L) long second,
      @ForAll @IntRange(max = 999_999) int micro) {
    String text = timestamp(second, micro);
    assertThat(decode(TextTimes::timestampMicros, text)).isEqualTo(second * MICROS + micro);
    assertThat(decode(TextTimes::timestampMillis, text)).isEqualTo(second * 1000 + micro / 1000);
  }

  @Property
  void zonedTimestampsAreInUtcWhateverTheOffset(
      @ForAll @LongRange(min = -62_000_000_000L, max = 250_000_000_000L) long second,
      @ForAll @IntRange(max = 999_999) int micro,
      @ForAll @IntRange(min = -15 * 60, max = 15 * 60) int offsetMinutes) {
    ZoneOffset offset = ZoneOffset.ofTotalSeconds(offsetMinutes * 60);
    OffsetDateTime time =
        OffsetDateTime.of(
                LocalDateTime.ofEpochSecond(second, micro * 1000, ZoneOffset.UTC), ZoneOffset.UTC)
            .withOffsetSameInstant(offset);
    String text =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT).format(time)
            + (offsetMinutes == 0 ? "+00" : offset.getId());
    String expected =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .format(time.withOffsetSameInstant(ZoneOffset.UTC));
    assertThat(decode(TextTimes.zonedTimestamp(6), text)).isEqualTo(expected);
  }

  @Example
  void zonedTimestampsHaveTheDigitsOfTheColumn() {
    assertThat(decode(TextTimes.zonedTimestamp(6), "2026-01-02 03:04:05+00"))
        .isEqualTo("2026-01-02T03:04:05.000000Z");
    assertThat(decode(TextTimes.zonedTimestamp(3), "2026-01-02 03:04:05.1+00"))
        .isEqualTo("2026-01-02T03:04:05.100Z");
    assertThat(decode(TextTimes.zonedTimestamp(0), "2026-01-02 03:04:05+00"))
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(decode(TextTimes.zonedTimestamp(6), "4713-01-01 00:00:00+00 BC"))
        .isEqualTo("-4712-01-01T00:00:00.000000Z");
    assertThat(decode(TextTimes.zonedTimestamp(6), "-infinity")).isEqualTo("-infinity");
  }

  @Example
  void readsTheEndOfTheDayAndInfinities() {
    assertThat(decode(TextTimes::timeMicros, "24:00:00")).isEqualTo(86_400 * MICROS);
    assertThat(decode(TextTimes::timestampMicros, "infinity")).isEqualTo(Long.MAX_VALUE);
    assertThat(decode(TextTimes::date, "0044-03-15 BC"))
        .isEqualTo((int) LocalDate.of(-43, 3, 15).toEpochDay());
  }

  private static Object decode(ValueDecoder decoder, String text) {
    byte[] padded = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return decoder.decode(padded, 1, padded.length - 2);
  }

  private static String date(LocalDate date) {
    boolean beforeChrist = date.getYear() <= 0;
    int year = beforeChrist ? 1 - date.getYear() : date.getYear();
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d%s",
        year,
        date.getMonthValue(),
        date.getDayOfMonth(),
        beforeChrist ? " BC" : "");
  }

  private static String timestamp(long second, int micro) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(second, micro * 1000, ZoneOffset.UTC);
    String date = date(time.toLocalDate());
    boolean beforeChrist = date.endsWith(" BC");
    String day = beforeChrist ? date.substring(0, date.length() - 3) : date;
    return day
        + DateTimeFormatter.ofPattern(" HH:mm:ss.SSSSSS", Locale.ROOT).format(time)
        + (beforeChrist ? " BC" : "");
  }
}
