package dev.tributary.postgres;

import static dev.tributary.postgres.PartitionedTable.LONG;
import static dev.tributary.postgres.PartitionedTable.VIA_ROOT;
import static dev.tributary.postgres.PartitionedTable.events;
import static dev.tributary.postgres.PartitionedTable.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publications of partitioned tables: what they do, and what the config says. */
class PartitionedPublicationTest {
  private final PartitionedTable table = new PartitionedTable();

  @AfterEach
  void close() {
    table.close();
  }

  @ParameterizedTest
  @CsvSource({"filtered, true", "filtered, false", "all_tables, true", "all_tables, false"})
  void makesThePublicationAsTheConfigSays(String mode, boolean root) throws Exception {
    table.createTables(3);
    try (TaskRunner runner =
        table.run(
            VIA_ROOT,
            "" + root,
            "publication.autocreate.mode",
            mode,
            "table.include.list",
            root ? "public.ev" : "public.ev_.*")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 3);
      assertThat(ids(events(records, root ? "ev" : "ev_1", "r"))).containsExactly(0, 1, 2);
      assertThat(Servers.single(table.server(), "select pubviaroot from pg_publication"))
          .isEqualTo(root ? "t" : "f");
      assertThat(Servers.single(table.server(), "select puballtables from pg_publication"))
          .isEqualTo(mode.equals("filtered") ? "f" : "t");
      table.execute("insert into ev values (1100, 'x'), (4, 'end')");
      List<SourceRecord> streamed =
          runner.pollUntil(LONG, all -> ids(events(all, root ? "ev" : "ev_1", "c")).contains(4));
      assertThat(ids(events(streamed, root ? "ev" : "ev_2", "c"))).contains(1100);
    }
  }

  @Test
  void doesAsThePublicationThatIsThereDoes() throws Exception {
    table.createTables(3);
    table.execute(
        "create publication tributary for table ev with (publish_via_partition_root = true)");
    for (String mode : List.of("disabled", "filtered")) {
      try (TaskRunner runner =
          table.run("publication.autocreate.mode", mode, "snapshot.mode", "always")) {
        List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 3);
        assertThat(ids(events(records, "ev", "r"))).containsExactly(0, 1, 2);
      }
    }
  }

  @Test
  void refusesAPublicationThatDoesOtherwiseThanTheConfigSays() throws Exception {
    table.createTables(3);
    table.execute("create publication own for table ev");
    table.execute("create publication root for table ev with (publish_via_partition_root = true)");
    assertRefused(
        table.config("publication.name", "own", VIA_ROOT, "true"),
        "'own' publishes the changes of partitions under their own names",
        "ALTER PUBLICATION \"own\" SET (publish_via_partition_root = true)");
    assertRefused(
        table.config(
            "publication.name", "root", VIA_ROOT, "false", "table.include.list", "public.ev_.*"),
        "under the names of their roots",
        "SET (publish_via_partition_root = false), or set publish.via.partition.root to true");
    // where no partition is captured it does not matter
    table.execute("create table plain(id int primary key); alter publication own add table plain");
    assertThat(
            errors(
                table.config(
                    "publication.name",
                    "own",
                    VIA_ROOT,
                    "true",
                    "table.include.list",
                    "public.plain")))
        .isEmpty();
  }

  private void assertRefused(Map<String, String> config, String... parts) throws Exception {
    assertThat(errors(config)).containsOnlyKeys(VIA_ROOT);
    assertThat(errors(config).get(VIA_ROOT)).singleElement().asString().contains(parts);
    try (TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, config, table.store())) {
      assertThatThrownBy(() -> runner.pollUntil(LONG, all -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(parts);
    }
  }

  private static Map<String, List<String>> errors(Map<String, String> config) {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : new PgLogicalSourceConnector().validate(config).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
