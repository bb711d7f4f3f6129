package dev.tributary.clickhouse.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.TableName;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewsTest {
  private static final String ID = "b22a260e-0e3b-4ff4-83f4-106a087e7194";
  private static final String NO_ID = "00000000-0000-0000-0000-000000000000";
  private static final Map<String, Long> DEFAULTS =
      Map.of(Window.PLAIN, 0L, Window.REPLICATED, 10_000L, Window.REPLICATED_SECONDS, 3_600L);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "CREATE MATERIALIZED VIEW d.v TO e.rows (`id` Int64) AS SELECT id FROM d.t; e; rows",
        "CREATE MATERIALIZED VIEW d.`odd (na.me` TO d.`ro ws` (`id` Int64) AS SELECT 1; d; ro ws",
        "CREATE MATERIALIZED VIEW d.v REFRESH EVERY 1 HOUR APPEND TO d.rows (`a` Int8) AS SELECT 1; d; rows",
        "CREATE MATERIALIZED VIEW d.v (`a` Int8) ENGINE = Memory AS SELECT 1 TO x.y; d; .inner_id."
            + ID,
        "CREATE MATERIALIZED VIEW d.`a\\`b` TO d.`x\\`y` (`a` Int8) AS SELECT 1; d; x`y"
      })
  void findsTheTableThatAViewWritesInto(String statement, String database, String table) {
    assertThat(Views.target(statement, ID, new TableName("d", "v")))
        .isEqualTo(new TableName(database, table));
  }

  @Test
  void findsTheTableOfAViewInADatabaseWithoutIds() {
    assertThat(
            Views.target("CREATE MATERIALIZED VIEW d.v (`a` Int8)", NO_ID, new TableName("d", "v")))
        .isEqualTo(new TableName("d", ".inner.v"));
  }

  @ParameterizedTest
  @CsvSource({
    "MergeTree, 'MergeTree ORDER BY id SETTINGS index_granularity = 8192', 0",
    "MergeTree, 'MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 7', 7",
    "MergeTree, 'MergeTree ORDER BY id SETTINGS replicated_deduplication_window = 7', 0",
    "ReplicatedMergeTree, 'ReplicatedMergeTree() SETTINGS non_replicated_deduplication_window = 7', 10000",
    "SharedMergeTree, 'SharedMergeTree() SETTINGS a = 1, replicated_deduplication_window = 9', 9",
    "ReplicatedMergeTree, 'ReplicatedMergeTree() SETTINGS replicated_deduplication_window_seconds = 7', 10000",
    "Memory, Memory, 0"
  })
  void readsTheWindowThatATableOfItsEngineHas(String engine, String full, long inserts) {
    assertThat(Window.of(engine, full, DEFAULTS).inserts()).isEqualTo(inserts);
  }

  @Test
  void countsTheTimeThatReplicatedTablesRememberInserts() {
    String full = "ReplicatedMergeTree() SETTINGS replicated_deduplication_window_seconds = 0";
    assertThat(Window.of("ReplicatedMergeTree", full, DEFAULTS).isThere()).isFalse();
  }
}
