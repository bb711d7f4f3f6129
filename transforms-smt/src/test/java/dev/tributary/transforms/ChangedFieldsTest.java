package dev.tributary.transforms;

import static dev.tributary.transforms.Rows.envelope;
import static dev.tributary.transforms.Rows.record;
import static dev.tributary.transforms.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.transforms.ExtractChangedRecordState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class ChangedFieldsTest {
  private static final Struct OLD = row(1, 7L, "2026-11-20T21:00:00Z", 5.0);
  private static final Struct NEW = row(1, 7L, "2026-11-20T21:05:00Z", 6.5);

  private static ChangedFields<SinkRecord> transform(String... settings) {
    ChangedFields<SinkRecord> transform = new ChangedFields<>();
    transform.configure(Rows.settings(Map.of(), settings));
    return transform;
  }

  @Test
  void tellsBeforeAndAfterOfEachChangedField() {
    Struct out = (Struct) transform().apply(record(envelope("u", OLD, NEW))).value();
    out.validate();
    assertThat(out.getArray("changed_fields")).isEqualTo(List.of("ts", "amount"));
    Struct changes = out.getStruct("changes");
    assertThat(changes.getStruct("amount").get("before")).isEqualTo(5.0);
    assertThat(changes.getStruct("amount").get("after")).isEqualTo(6.5);
    assertThat(changes.get("id")).isNull();
    assertThat(out.get("amount")).isEqualTo(6.5);
    assertThat(out.get("__op")).isEqualTo("u");
    assertThat(out.schema().name()).isEqualTo(Rows.ROW.name());
  }

  @Test
  void tellsOfNullsOnEitherSide() {
    Struct toNull = row(1, 7L, null, 5.0);
    Struct out = (Struct) transform().apply(record(envelope("u", OLD, toNull))).value();
    assertThat(out.getArray("changed_fields")).isEqualTo(List.of("ts"));
    assertThat(out.getStruct("changes").getStruct("ts").get("after")).isNull();
    Struct back = (Struct) transform().apply(record(envelope("u", toNull, OLD))).value();
    assertThat(back.getStruct("changes").getStruct("ts").get("before")).isNull();
  }

  @Test
  void hasNothingToTellOfOtherOperationsAndWithoutTheRowBefore() {
    for (Struct event :
        List.of(envelope("c", null, NEW), envelope("d", OLD, null), envelope("u", null, NEW))) {
      Struct out = (Struct) transform().apply(record(event)).value();
      assertThat(out.get("changed_fields")).isNull();
      assertThat(out.get("changes")).isNull();
      assertThat(out.get("__op")).isEqualTo(event.get("op"));
    }
    SinkRecord tombstone = record(null);
    assertThat(transform().apply(tombstone)).isSameAs(tombstone);
    SinkRecord plain = record(NEW);
    assertThat(transform().apply(plain)).isSameAs(plain);
  }

  @Test
  void comparesWhatItIsTold() {
    Struct out =
        (Struct)
            transform("ignore", "ts,updated_at").apply(record(envelope("u", OLD, NEW))).value();
    assertThat(out.getArray("changed_fields")).isEqualTo(List.of("amount"));
    assertThat(out.getStruct("changes").schema().field("ts")).isNull();
    ChangedFields<SinkRecord> dropping = transform("fields", "id, user_id", "unchanged", "drop");
    assertThat(dropping.apply(record(envelope("u", OLD, NEW)))).isNull();
    assertThat(dropping.apply(record(envelope("u", null, NEW)))).isNotNull();
    assertThat(dropping.apply(record(envelope("c", null, NEW)))).isNotNull();
  }

  @Test
  void takesThePlaceholderOfALargeValueForUnchanged() {
    Struct placeholder = row(1, 7L, "__debezium_unavailable_value", 5.0);
    Struct out = (Struct) transform().apply(record(envelope("u", OLD, placeholder))).value();
    assertThat(out.getArray("changed_fields")).isEmpty();
  }

  @Test
  void readsEnvelopesWithoutASchema() {
    Map<String, Object> event = new HashMap<>();
    event.put("op", "u");
    event.put("before", Map.of("id", 1, "n", 2));
    event.put("after", Map.of("id", 1, "n", 3));
    assertThat(transform().apply(record(event)).value())
        .isEqualTo(
            Map.of(
                "id",
                1,
                "n",
                3,
                "__op",
                "u",
                "changed_fields",
                List.of("n"),
                "changes",
                Map.of("n", Map.of("before", 2, "after", 3))));
  }

  @Test
  void refusesAColumnOfTheSameName() {
    ChangedFields<SinkRecord> transform = transform("names.field", "ts");
    SinkRecord record = record(envelope("u", OLD, NEW));
    assertThatThrownBy(() -> transform.apply(record))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the row has a column 'ts' already");
  }

  @Property(tries = 100)
  void writesTheHeadersThatDebeziumWrites(@ForAll boolean[] changes, @ForAll boolean insert) {
    Map<String, String> settings =
        Map.of(
            "header.changed.name", "Changed",
            "header.unchanged.name", "Unchanged",
            "names.field", "",
            "changes.field", "");
    Struct after =
        row(
            1,
            changes.length > 0 && changes[0] ? null : 7L,
            changes.length > 1 && changes[1] ? "2026" : OLD.getString("ts"),
            changes.length > 2 && changes[2] ? 0.0 : 5.0);
    SinkRecord record = record(insert ? envelope("c", null, after) : envelope("u", OLD, after));
    try (ExtractChangedRecordState<SinkRecord> debezium = new ExtractChangedRecordState<>();
        ChangedFields<SinkRecord> ours = new ChangedFields<>()) {
      ours.configure(settings);
      SinkRecord made = ours.apply(record);
      assertThat(made.value()).isSameAs(record.value());
      debezium.configure(
          Map.of("header.changed.name", "Changed", "header.unchanged.name", "Unchanged"));
      assertThat(made.headers()).isEqualTo(debezium.apply(record).headers());
    }
  }
}
