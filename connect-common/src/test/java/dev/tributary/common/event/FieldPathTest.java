package dev.tributary.common.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPathTest {
  private static final Schema ADDRESS =
      SchemaBuilder.struct().optional().field("city", Schema.OPTIONAL_STRING_SCHEMA).build();
  private static final Schema ROW =
      SchemaBuilder.struct()
          .optional()
          .field("user_id", Schema.INT64_SCHEMA)
          .field("address", ADDRESS)
          .field(
              "tags",
              SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).optional().build())
          .field("level", SchemaBuilder.int32().optional().defaultValue(7).build())
          .build();
  private static final Schema SOURCE =
      SchemaBuilder.struct().field("lsn", Schema.INT64_SCHEMA).build();
  private static final Schema ENVELOPE =
      SchemaBuilder.struct()
          .field("before", ROW)
          .field("after", ROW)
          .field("source", SOURCE)
          .field("op", Schema.STRING_SCHEMA)
          .build();

  private final Struct row =
      new Struct(ROW)
          .put("user_id", 42L)
          .put("address", new Struct(ADDRESS).put("city", "Bern"))
          .put("tags", Map.of("tier", "gold"));
  private final ChangeEvent envelope =
      ChangeEvent.ofValue(
          new Struct(ENVELOPE)
              .put("after", row)
              .put("source", new Struct(SOURCE).put("lsn", 9L))
              .put("op", "c"));
  private final ChangeEvent flat = ChangeEvent.ofValue(row);
  private final ChangeEvent map =
      ChangeEvent.ofValue(Map.of("user_id", 42L, "address", Map.of("city", "Bern")));

  @ParameterizedTest
  @ValueSource(strings = {"user_id", "after.user_id"})
  void namesTheSameFieldInEveryForm(String path) {
    FieldPath userId = FieldPath.parse(path);

    // one instance, several schemas in turn
    for (int i = 0; i < 3; i++) {
      assertThat(userId.get(envelope)).isEqualTo(42L);
      assertThat(userId.get(flat)).isEqualTo(42L);
      assertThat(userId.get(map)).isEqualTo(42L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"user_id", "after.user_id", "before.user_id"})
  void namesTheOldRowsFieldInADelete(String path) {
    FieldPath userId = FieldPath.parse(path);
    ChangeEvent struct =
        ChangeEvent.ofValue(
            new Struct(ENVELOPE)
                .put("before", row)
                .put("source", new Struct(SOURCE).put("lsn", 9L))
                .put("op", "d"));
    Map<String, Object> deleted = new HashMap<>();
    deleted.put("before", Map.of("user_id", 42L));
    deleted.put("after", null);
    deleted.put("op", "d");

    assertThat(userId.get(struct)).isEqualTo(42L);
    assertThat(userId.isPresentIn(struct)).isTrue();
    assertThat(userId.schema(struct).type()).isEqualTo(Schema.Type.INT64);
    assertThat(userId.get(ChangeEvent.ofValue(deleted))).isEqualTo(42L);
  }

  @Test
  void reachesIntoNestedRowsMapsAndTheEnvelope() {
    assertThat(FieldPath.parse("address.city").get(envelope)).isEqualTo("Bern");
    assertThat(FieldPath.parse("address.city").get(map)).isEqualTo("Bern");
    assertThat(FieldPath.parse("tags.tier").get(flat)).isEqualTo("gold");
    assertThat(FieldPath.parse("source.lsn").get(envelope)).isEqualTo(9L);
    assertThat(FieldPath.parse("op").get(envelope)).isEqualTo("c");
    assertThat(FieldPath.parse("source.lsn").schema(envelope).type()).isEqualTo(Schema.Type.INT64);
  }

  @Test
  void tellsAbsentFromNull() {
    Map<String, Object> value = new HashMap<>();
    value.put("user_id", null);
    ChangeEvent withNull = ChangeEvent.ofValue(value);

    assertThat(FieldPath.parse("user_id").isPresentIn(withNull)).isTrue();
    assertThat(FieldPath.parse("user_id").get(withNull)).isNull();
    assertThat(FieldPath.parse("nope").isPresentIn(withNull)).isFalse();
    assertThat(FieldPath.parse("nope").isPresentIn(envelope)).isFalse();
    assertThat(FieldPath.parse("before.user_id").isPresentIn(envelope)).isFalse();
    assertThat(FieldPath.parse("nope").get(envelope)).isNull();
    assertThat(FieldPath.parse("user_id").isPresentIn(ChangeEvent.ofValue(null))).isFalse();
  }

  @Test
  void keepsANullInAColumnWithADefault() {
    assertThat(FieldPath.parse("level").get(envelope)).isNull();
  }

  @Test
  void readsDotsInNames() {
    assertThat(FieldPath.parse("a\\.b").get(ChangeEvent.ofValue(Map.of("a.b", 1)))).isEqualTo(1);
    assertThat(FieldPath.parse("x.a\\.b").leaf()).isEqualTo("a.b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a..b", " "})
  void refusesEmptyNames(String path) {
    assertThatThrownBy(() -> FieldPath.parse(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + path + "'");
  }
}
