package dev.tributary.common.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.common.event.ChangeEvent.Form;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class ChangeEventTest {
  private static final Schema ROW =
      SchemaBuilder.struct().optional().field("id", Schema.INT64_SCHEMA).build();
  private static final Schema ENVELOPE =
      SchemaBuilder.struct()
          .field("before", ROW)
          .field("after", ROW)
          .field("op", Schema.STRING_SCHEMA)
          .build();

  @Test
  void readsTheRowOfAnEnvelope() {
    Struct value = new Struct(ENVELOPE).put("after", row(1)).put("op", "c");

    ChangeEvent event = ChangeEvent.ofValue(value);

    assertThat(event)
        .isEqualTo(new ChangeEvent(Form.ENVELOPE, Operation.CREATE, row(1), null, value));
    assertThat(event.rowSchema()).isSameAs(ROW);
  }

  @Test
  void takesTheOldRowOfADelete() {
    ChangeEvent event =
        ChangeEvent.ofValue(new Struct(ENVELOPE).put("before", row(1)).put("op", "d"));

    assertThat(event.operation()).isEqualTo(Operation.DELETE);
    assertThat(event.row()).isEqualTo(row(1));
  }

  @Test
  void readsAnEnvelopeWithoutRows() {
    ChangeEvent truncate = ChangeEvent.ofValue(new Struct(ENVELOPE).put("op", "t"));
    Map<String, Object> map = new HashMap<>();
    map.put("op", "t");
    map.put("before", null);
    map.put("after", null);

    assertThat(truncate.operation()).isEqualTo(Operation.TRUNCATE);
    assertThat(truncate.row()).isNull();
    assertThat(truncate.rowSchema()).isNull();
    assertThat(ChangeEvent.ofValue(map).operation()).isEqualTo(Operation.TRUNCATE);
  }

  @Test
  void readsAnEnvelopeWithoutSchema() {
    Map<String, Object> after = Map.of("id", 1L);

    ChangeEvent event = ChangeEvent.ofValue(Map.of("op", "u", "after", after));

    assertThat(event.form()).isEqualTo(Form.ENVELOPE);
    assertThat(event.operation()).isEqualTo(Operation.UPDATE);
    assertThat(event.row()).isEqualTo(after);
  }

  @Test
  void readsAFlattenedRow() {
    Map<String, Object> updated = Map.of("id", 1L, "__op", "u", "__deleted", "false");
    Map<String, Object> deleted = Map.of("id", 1L, "__deleted", "true");

    assertThat(ChangeEvent.ofValue(updated))
        .isEqualTo(new ChangeEvent(Form.FLAT, Operation.UPDATE, updated, null, updated));
    assertThat(ChangeEvent.ofValue(deleted).operation()).isEqualTo(Operation.DELETE);
  }

  @Test
  void takesAColumnNamedOpForAColumn() {
    Map<String, Object> value = Map.of("op", "deploy", "id", 1L);

    assertThat(ChangeEvent.ofValue(value).form()).isEqualTo(Form.PLAIN);
    assertThat(ChangeEvent.ofValue(value).operation()).isEqualTo(Operation.CREATE);
  }

  @Test
  void takesNullForATombstone() {
    assertThat(ChangeEvent.ofValue(null).form()).isEqualTo(Form.TOMBSTONE);
    assertThat(ChangeEvent.ofValue(null).operation()).isEqualTo(Operation.DELETE);
  }

  @Test
  void refusesWhatIsNoObjectWithoutShowingIt() {
    assertThatThrownBy(() -> ChangeEvent.ofValue("secret"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("java.lang.String")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> ChangeEvent.ofValue(new Struct(ENVELOPE).put("op", "x")))
        .isInstanceOf(DataException.class)
        .hasMessage("field 'op' holds no known operation (known: c, r, u, d, t, m)");
  }

  private static Struct row(long id) {
    return new Struct(ROW).put("id", id);
  }
}
