package dev.tributary.postgres.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.catalog.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompatibleKeysTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "database.hostname", "localhost",
          "database.user", "u",
          "database.dbname", "d",
          "topic.prefix", "shop");

  private static Map<String, String> with(String... more) {
    Map<String, String> config = new HashMap<>(LEAST);
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  @Test
  void readsOldNamesAndSaysSo() {
    Map<String, String> old =
        with(
            "table.whitelist",
            "public.a",
            "toasted.value.placeholder",
            "?",
            "snapshot.mode",
            "exported");
    old.remove("topic.prefix");
    old.put("database.server.name", "old");
    PgSourceConfig config = new PgSourceConfig(old);
    assertThat(config.topicPrefix()).isEqualTo("old");
    assertThat(config.tables().test(new TableName("public", "a"))).isTrue();
    assertThat(config.tables().test(new TableName("public", "b"))).isFalse();
    assertThat(config.types().placeholder()).isEqualTo("?");
    assertThat(config.snapshotMode()).isEqualTo(SnapshotMode.INITIAL);
    assertThat(CompatibleKeys.warnings(old))
        .hasSize(4)
        .anyMatch(text -> text.startsWith("database.server.name is an older name of topic.prefix"));
  }

  @Test
  void saysThatSettingsOfRowsHaveNoEffectOnEnvelopes() {
    assertThat(CompatibleKeys.warnings(with("add.fields", "op")))
        .containsExactly("add.fields has an effect with output.format=row only");
    assertThat(CompatibleKeys.warnings(with("add.fields", "op", "output.format", "row"))).isEmpty();
  }

  @Test
  void prefersTheNameOfToday() {
    Map<String, String> both = with("database.server.name", "old");
    assertThat(new PgSourceConfig(both).topicPrefix()).isEqualTo("shop");
    assertThat(CompatibleKeys.warnings(both))
        .singleElement()
        .asString()
        .contains("it has no effect");
  }

  @Test
  void namesKeysWithoutEffect() {
    assertThat(
            CompatibleKeys.warnings(
                with(
                    "include.schema.changes", "false",
                    "database.history.kafka.topic", "x",
                    "schema.refresh.mode", "columns_diff",
                    "transforms", "unwrap",
                    "key.converter", "x")))
        .hasSize(3)
        .allMatch(text -> text.endsWith("has no effect here"));
  }

  @Test
  void refusesWhatWouldChangeTheRecords() {
    assertThat(
            CompatibleKeys.refused(
                with(
                    "converters", "isbn",
                    "topic.naming.strategy", "com.example.Mine",
                    "xmin.fetch.interval.ms", "0")))
        .containsOnlyKeys("converters", "topic.naming.strategy");
    assertThat(
            CompatibleKeys.refused(
                with("topic.naming.strategy", "io.debezium.schema.SchemaTopicNamingStrategy")))
        .isEmpty();
  }

  @Test
  void refusesMasksThatItCannotRead() {
    for (String key :
        List.of(
            "column.mask.with.x.chars",
            "column.mask.hash.NONE-1.with.salt.x",
            "column.truncate.to.-1.chars")) {
      assertThatThrownBy(() -> new PgSourceConfig(with(key, "public.t.c")))
          .isInstanceOf(ColumnRules.InvalidRuleException.class)
          .hasMessageStartingWith(key);
    }
    assertThatThrownBy(() -> new PgSourceConfig(with("column.mask.with.5.chars", "(")))
        .isInstanceOf(ColumnRules.InvalidRuleException.class);
  }
}
