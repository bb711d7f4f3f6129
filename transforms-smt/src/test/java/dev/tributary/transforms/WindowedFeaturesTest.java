package dev.tributary.transforms;

import static dev.tributary.transforms.Rows.envelope;
import static dev.tributary.transforms.Rows.record;
import static dev.tributary.transforms.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowedFeaturesTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "key", "user_id",
          "event.time", "ts",
          "features", "n_1m = count() over 1m, n = count() over all",
          "restore", "none");
  private static final String T0 = "2026-11-20T21:00:00Z";

  private static WindowedFeatures<SinkRecord> transform(String... more) {
    WindowedFeatures<SinkRecord> transform = new WindowedFeatures<>();
    transform.configure(Rows.settings(SETTINGS, more));
    return transform;
  }

  private static List<String> names(Schema schema) {
    return schema.fields().stream().map(Field::name).toList();
  }

  @Test
  void makesOfAnEnvelopeTheRowWithItsFeatures() {
    WindowedFeatures<SinkRecord> transform = transform();
    transform.apply(record(envelope("r", null, row(1, 7L, T0, 1.0))));
    SinkRecord in = record(envelope("c", null, row(2, 7L, "2026-11-20 21:00:59+00", null)));
    SinkRecord out = transform.apply(in);
    Struct value = (Struct) out.value();
    assertThat(names(value.schema()))
        .containsExactly("id", "user_id", "ts", "amount", "n_1m", "n", "late", "__op");
    assertThat(value.schema().name()).isEqualTo("shop.public.user_events.Value");
    assertThat(value.schema().isOptional()).isFalse();
    assertThat(value.schema().field("n").schema()).isEqualTo(Schema.OPTIONAL_INT64_SCHEMA);
    assertThat(value.get("id")).isEqualTo(2L);
    assertThat(value.get("amount")).isNull();
    assertThat(value.get("n_1m")).isEqualTo(2L);
    assertThat(value.get("n")).isEqualTo(2L);
    assertThat(value.get("late")).isEqualTo(false);
    assertThat(value.get("__op")).isEqualTo("c");
    assertThat(out.valueSchema()).isSameAs(value.schema());
    assertThat(out.key()).isEqualTo("key");
    assertThat(out.originalKafkaOffset()).isEqualTo(in.originalKafkaOffset());
    assertThat(out.timestamp()).isEqualTo(in.timestamp());
    value.validate();
  }

  @Test
  void makesTheSchemaOnce() {
    WindowedFeatures<SinkRecord> transform = transform();
    Schema first = transform.apply(record(row(1, 7L, T0, 1.0))).valueSchema();
    assertThat(transform.apply(record(row(2, 7L, T0, 1.0))).valueSchema()).isSameAs(first);
    assertThat(names(first)).doesNotContain("__op");
  }

  @Test
  void addsToAMapInItsOrder() {
    Map<String, Object> in = new LinkedHashMap<>();
    in.put("user_id", 7L);
    in.put("ts", 1_795_208_400_000L);
    SinkRecord out = transform("late", "pass").apply(record(in));
    assertThat(out.valueSchema()).isNull();
    assertThat(out.value().toString()).isEqualTo("{user_id=7, ts=1795208400000, n_1m=1, n=1}");
    assertThat(in).as("what came in").hasSize(2);
  }

  @Test
  void readsAnEnvelopeWithoutSchema() {
    Map<String, Object> row = new HashMap<>(Map.of("user_id", 7L, "ts", T0));
    Map<String, Object> envelope = new HashMap<>(Map.of("op", "c", "after", row));
    Object out = transform().apply(record(envelope)).value();
    assertThat(out)
        .isEqualTo(
            Map.of("user_id", 7L, "ts", T0, "n_1m", 1L, "n", 1L, "late", false, "__op", "c"));
  }

  @Test
  void flattensOtherOperationsAndCountsThemNot() {
    WindowedFeatures<SinkRecord> transform = transform();
    transform.apply(record(envelope("c", null, row(1, 7L, T0, 1.0))));
    Struct update =
        (Struct) transform.apply(record(envelope("u", null, row(1, 7L, T0, 2.0)))).value();
    assertThat(names(update.schema())).containsExactly("id", "user_id", "ts", "amount", "__op");
    assertThat(update.get("__op")).isEqualTo("u");
    Struct delete =
        (Struct) transform.apply(record(envelope("d", row(1, 7L, T0, 2.0), null))).value();
    assertThat(delete.get("id")).isEqualTo(1L);
    assertThat(delete.get("__op")).isEqualTo("d");
    Struct next =
        (Struct) transform.apply(record(envelope("c", null, row(2, 7L, T0, 1.0)))).value();
    assertThat(next.get("n")).isEqualTo(2L);
  }

  @Test
  void countsTheOperationsItIsToldTo() {
    WindowedFeatures<SinkRecord> transform = transform("operations", "u");
    transform.apply(record(envelope("c", null, row(1, 7L, T0, 1.0))));
    Struct update =
        (Struct) transform.apply(record(envelope("u", null, row(1, 7L, T0, 2.0)))).value();
    assertThat(update.get("n")).isEqualTo(1L);
  }

  @Test
  void letsATombstonePassUntouched() {
    SinkRecord tombstone = record(null);
    assertThat(transform().apply(tombstone)).isSameAs(tombstone);
    assertThat(transform("output", "features").apply(tombstone)).isSameAs(tombstone);
  }

  @Test
  void flagsALateEvent() {
    WindowedFeatures<SinkRecord> transform = transform();
    transform.apply(record(row(1, 7L, "2026-11-20T21:05:00Z", 1.0)));
    Struct late = (Struct) transform.apply(record(row(2, 7L, T0, 1.0))).value();
    assertThat(late.get("late")).isEqualTo(true);
    assertThat(late.get("n_1m")).isNull();
    assertThat(late.get("n")).isEqualTo(2L);
  }

  @Test
  void dropsALateEventOrLetsItPassIfToldSo() {
    WindowedFeatures<SinkRecord> dropping = transform("late", "drop");
    WindowedFeatures<SinkRecord> passing = transform("late", "pass");
    dropping.apply(record(row(1, 7L, "2026-11-20T21:05:00Z", 1.0)));
    passing.apply(record(row(1, 7L, "2026-11-20T21:05:00Z", 1.0)));
    assertThat(dropping.apply(record(row(2, 7L, T0, 1.0)))).isNull();
    Struct passed = (Struct) passing.apply(record(row(2, 7L, T0, 1.0))).value();
    assertThat(passed.get("n_1m")).isNull();
    assertThat(names(passed.schema())).doesNotContain("late");
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  void leavesOnlyKeyTimeAndFeaturesIfToldSo() {
    WindowedFeatures<SinkRecord> transform = transform("output", "features", "key", "user_id,id");
    Struct out = (Struct) transform.apply(record(row(1, 7L, T0, 1.0))).value();
    assertThat(names(out.schema()))
        .containsExactly("user_id", "id", "event_time", "n_1m", "n", "late");
    assertThat(out.get("event_time")).isEqualTo(new Date(1_795_208_400_000L));
    assertThat(transform.apply(record(envelope("u", null, row(1, 7L, T0, 1.0))))).isNull();
    Object map =
        transform.apply(record(new HashMap<>(Map.of("user_id", 7L, "id", 1L, "ts", T0)))).value();
    assertThat(map.toString())
        .isEqualTo("{user_id=7, id=1, event_time=1795208400000, n_1m=2, n=2, late=false}");
  }

  @Test
  void takesTheRecordsTimestampWithoutATimeField() {
    WindowedFeatures<SinkRecord> transform = transform("event.time", "");
    assertThat(((Struct) transform.apply(record(row(1, 7L, null, 1.0))).value()).get("n_1m"))
        .isEqualTo(1L);
  }

  @Test
  void tellsTheSameKeyInNumbersOfAnyWidth() {
    WindowedFeatures<SinkRecord> transform = transform();
    transform.apply(record(new HashMap<>(Map.of("user_id", 7, "ts", T0))));
    Struct out = (Struct) transform.apply(record(row(1, 7L, T0, 1.0))).value();
    assertThat(out.get("n")).isEqualTo(2L);
  }

  @Test
  void refusesARecordWithoutItsKeyAndNamesWhereItStands() {
    WindowedFeatures<SinkRecord> transform = transform();
    SinkRecord isNull = record(row(1, null, T0, 1.0));
    assertThatThrownBy(() -> transform.apply(isNull))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "topic 't', partition 3, offset "
                + isNull.kafkaOffset()
                + ": the key field 'user_id' is null; correct 'key', or set missing.key=pass to let"
                + " such records pass");
    SinkRecord missing = record(Map.of("ts", T0));
    assertThatThrownBy(() -> transform.apply(missing))
        .hasMessageContaining("there is no key field 'user_id'");
  }

  @Test
  void letsARecordWithoutItsKeyPassIfToldSo() {
    WindowedFeatures<SinkRecord> transform = transform("missing.key", "pass");
    SinkRecord flat = record(row(1, null, T0, 1.0));
    assertThat(transform.apply(flat)).isSameAs(flat);
    Struct row =
        (Struct) transform.apply(record(envelope("c", null, row(1, null, T0, 1.0)))).value();
    assertThat(names(row.schema())).containsExactly("id", "user_id", "ts", "amount", "__op");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret text", ""})
  void refusesAnUnreadableTimeWithoutQuotingIt(String time) {
    WindowedFeatures<SinkRecord> transform = transform();
    SinkRecord record = record(row(1, 7L, time, 1.0));
    assertThatThrownBy(() -> transform.apply(record))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topic 't', partition 3, offset " + record.kafkaOffset())
        .hasMessageContaining("the event time field 'ts' is unreadable")
        .hasMessageNotContaining("secret")
        .hasNoCause();
    SinkRecord none = record(row(1, 7L, null, 1.0));
    assertThatThrownBy(() -> transform.apply(none))
        .hasMessageContaining("the event time field 'ts' is missing or null");
  }

  @Test
  void refusesATimeInTheFarFutureAndCountsItNowhere() {
    WindowedFeatures<SinkRecord> transform = transform();
    transform.apply(record(row(1, 7L, "2026-11-20T22:59:59Z", 1.0)));
    SinkRecord future = record(row(2, 7L, "2062-11-20T21:00:00Z", 1.0));
    assertThatThrownBy(() -> transform.apply(future))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topic 't', partition 3, offset " + future.kafkaOffset())
        .hasMessageContaining("'ts' lies more than 1h (max.future) behind the record's own")
        .hasMessageNotContaining("2062");
    Struct next = (Struct) transform.apply(record(row(3, 7L, "2026-11-20T22:59:59Z", 1.0))).value();
    assertThat(next.get("late")).isEqualTo(false);
    assertThat(next.get("n")).isEqualTo(2L);
  }

  @Test
  void takesAnyTimeOfARecordWithoutATimestamp() {
    SinkRecord with = record(row(1, 7L, "2062-11-20T21:00:00Z", 1.0));
    SinkRecord without = with.newRecord("t", 3, null, null, with.valueSchema(), with.value(), null);
    assertThat(((Struct) transform().apply(without).value()).get("n")).isEqualTo(1L);
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  void standsBesideAnotherWithWindowsOfItsOwn() {
    WindowedFeatures<SinkRecord> minutes = transform("features", "n = count() over tumbling 1m");
    WindowedFeatures<SinkRecord> hours =
        transform(
            "features", "m = count() over tumbling 1h", "window.field", "hour", "late", "pass");
    Struct out =
        (Struct)
            hours.apply(minutes.apply(record(row(1, 7L, "2026-11-20T21:05:30Z", 1.0)))).value();
    long t0 = 1_795_208_400_000L;
    assertThat(out.get("window_start")).isEqualTo(new Date(t0 + 300_000));
    assertThat(out.get("window_end")).isEqualTo(new Date(t0 + 360_000));
    assertThat(out.get("hour_start")).isEqualTo(new Date(t0));
    assertThat(out.get("hour_end")).isEqualTo(new Date(t0 + 3_600_000));
  }

  @Test
  void refusesAFeatureWithTheNameOfAColumn() {
    WindowedFeatures<SinkRecord> transform = transform("features", "amount = count() over 1m");
    SinkRecord struct = record(row(1, 7L, T0, 1.0));
    assertThatThrownBy(() -> transform.apply(struct))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the row has a column 'amount' already");
    SinkRecord map = record(Map.of("user_id", 7L, "ts", T0, "amount", 1.0));
    assertThatThrownBy(() -> transform.apply(map))
        .hasMessageContaining("the row has a column 'amount' already");
  }

  @Test
  void refusesAValueThatIsNoRow() {
    SinkRecord record = record("text");
    assertThatThrownBy(() -> transform().apply(record))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topic 't', partition 3")
        .hasMessageContaining("neither a Struct nor a Map");
  }

  @Test
  void worksBehindAnotherOneWithAnotherKey() {
    WindowedFeatures<SinkRecord> byUser = transform();
    WindowedFeatures<SinkRecord> byId =
        transform("key", "id", "features", "m = count() over 1m", "late.field", "late_id");
    List<Object> counts = new ArrayList<>();
    for (long user = 0; user < 3; user++) {
      SinkRecord out = byId.apply(byUser.apply(record(envelope("c", null, row(1, user, T0, 1.0)))));
      counts.add(((Struct) out.value()).get("m"));
      assertThat(((Struct) out.value()).get("n")).isEqualTo(1L);
    }
    assertThat(counts).containsExactly(1L, 2L, 3L);
  }
}
