package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.Records;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTemplateTest {
  private static final SinkRecord UPSERT = Records.upsert(7, Records.row(42, "new", 1.0, true));

  @ParameterizedTest
  @CsvSource({
    "user_features:${user_id}, user_features:42",
    "${topic}:${key}, shop.public.user_events:42",
    "${key.user_id}/${partition}/${offset}, 42/0/7",
    "${after.status}${active}, newtrue",
    "${op}-${status}, u-new",
    "cost $$${user_id}, cost $42",
    "{tag}:${user_id}, {tag}:42",
    "ключ:${user_id}, ключ:42",
  })
  void rendersPlaceholders(String template, String key) {
    assertThat(render(template, UPSERT)).isEqualTo(key);
  }

  @Test
  void readsHeaders() {
    SinkRecord record = Records.upsert(7, Records.row(42, "new", 1.0, true));
    record.headers().addString("tenant", "acme");

    assertThat(render("${header.tenant}:${user_id}", record)).isEqualTo("acme:42");
    assertThatThrownBy(() -> render("${header.other}", record))
        .isInstanceOf(UnwritableRecordException.class)
        .hasMessageContaining("header 'other' is missing or null");
  }

  @Test
  void joinsTheFieldsOfAKeyWithTheSeparator() {
    Schema schema =
        SchemaBuilder.struct()
            .field("tenant", Schema.STRING_SCHEMA)
            .field("id", Schema.INT32_SCHEMA)
            .build();
    Struct key = new Struct(schema).put("tenant", "acme").put("id", 3);
    SinkRecord record = new SinkRecord("t", 0, schema, key, null, null, 1);

    assertThat(render("${key}", record)).isEqualTo("acme:3");
    assertThat(render("${key}", Records.schemaless(1, Map.of("b", 2, "a", "x"), null)))
        .isEqualTo("x:2");
    assertThat(render("${key}", Records.schemaless(1, "plain", null))).isEqualTo("plain");
  }

  @Test
  void looksForAFieldInTheRowThenInTheKey() {
    assertThat(render("u:${user_id}", Records.tombstone(1, 5))).isEqualTo("u:5");
    assertThat(render("u:${user_id}", Records.delete(1, 6))).isEqualTo("u:6");
  }

  @Test
  void refusesATombstoneWhoseKeyLacksTheField() {
    assertThatThrownBy(() -> render("u:${status}", Records.tombstone(1, 5)))
        .isInstanceOf(UnwritableRecordException.class)
        .hasMessageContaining("'u:${status}'")
        .hasMessageContaining("a tombstone without field 'status' in its key");
  }

  @Test
  void refusesAMissingFieldByNameAndWithoutData() {
    SinkRecord record = Records.upsert(1, Records.row(42, null, 1.0, true));

    assertThatThrownBy(() -> render("u:${status}", record))
        .hasMessageContaining("field 'status' of the row or the record's key is missing or null");
    assertThatThrownBy(() -> render("u:${no_such}", record)).hasMessageContaining("'no_such'");
  }

  @Test
  void refusesANestedValueAsPartOfAKey() {
    SinkRecord record = Records.schemaless(1, null, Map.of("a", Map.of("b", 1)));

    assertThat(render("${a.b}", record)).isEqualTo("1");
    assertThatThrownBy(() -> render("${a}", record)).hasMessageContaining("cannot be part of");
  }

  @ParameterizedTest
  @CsvSource({
    "user:${id, 6",
    "user:$id, 6",
    "a${}, 2",
    "${header.}, 1",
    "${a..b}, 1",
    "${key.}, 1",
  })
  void saysWhereATemplateIsWrong(String template, int position) {
    assertThatThrownBy(() -> KeyTemplate.parse(template, ":"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + template + "' is no key template")
        .hasMessageContaining("(at character " + position + ")");
  }

  private static String render(String template, SinkRecord record) {
    return new String(
        KeyTemplate.parse(template, ":")
            .render(
                record,
                ChangeEvent.of(record),
                new ValueEncoder(TimeFormat.ISO, new Unavailable(Unavailable.DEFAULT))),
        UTF_8);
  }
}
