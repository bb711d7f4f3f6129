package dev.tributary.postgres;

import static dev.tributary.postgres.PartitionedTable.END;
import static dev.tributary.postgres.PartitionedTable.LONG;
import static dev.tributary.postgres.PartitionedTable.VIA_ROOT;
import static dev.tributary.postgres.PartitionedTable.events;
import static dev.tributary.postgres.PartitionedTable.has;
import static dev.tributary.postgres.PartitionedTable.ids;
import static dev.tributary.postgres.PartitionedTable.range;
import static dev.tributary.postgres.PartitionedTable.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of partitioned tables that are captured as a whole, under the name of their root. */
class PartitionedSnapshotTest {
  private final PartitionedTable table = new PartitionedTable();

  @AfterEach
  void close() {
    table.close();
  }

  private static List<Object> markers(List<SourceRecord> records) {
    return records.stream()
        .map(record -> ((Struct) record.value()).getStruct("source").get("snapshot"))
        .toList();
  }

  @Test
  void readsEachRowOfARootOnce() throws Exception {
    table.createTables(4000);
    // 'public.ev.*' matches root and partitions, which must not come twice
    try (TaskRunner runner = table.run(VIA_ROOT, "true", "table.include.list", "public.ev.*")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 4000);
      assertThat(ids(events(records, "ev", "r"))).containsExactlyInAnyOrder(range(0, 4000));
      assertThat(records).extracting(SourceRecord::topic).containsOnly("shop.public.ev");
      assertThat(records)
          .allSatisfy(
              record ->
                  assertThat(values(List.of(record)))
                      .containsExactly("v" + ((Struct) record.key()).getInt32("id")));
      assertThat(markers(records).get(0)).isEqualTo("first");
      assertThat(markers(records).get(3999)).isEqualTo("last");
      assertThat(markers(records).subList(1, 3999)).containsOnly("true");
      table.execute("insert into ev values (" + END + ", 'end')");
      List<SourceRecord> streamed = runner.pollUntil(LONG, all -> has(all, END));
      assertThat(ids(events(streamed, "ev", "c"))).containsExactly(END);
    }
  }

  @Test
  void readsPartsOfPartitionsByThreads() throws Exception {
    table.createTables(3000);
    table.execute(
        "insert into ev select i, repeat('x', 300) from generate_series(3000, 100000) i;"
            + "create table a(id int primary key); insert into a values (1);"
            + "create table z(id int primary key); insert into z values (1)");
    try (TaskRunner runner =
        table.run(
            VIA_ROOT,
            "true",
            "snapshot.max.threads",
            "3",
            "table.include.list",
            "public.(a|ev|z)")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 100_003);
      assertThat(ids(events(records, "ev", "r")).stream().sorted())
          .containsExactly(range(0, 100_001));
      assertThat(records).hasSize(100_003);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void goesOnWithTheSnapshotOfARootWhereItWasCutOff(int threads) throws Exception {
    table.createTables(20_000);
    Replay replay = new Replay("shop.public.ev");
    String[] settings = {
      VIA_ROOT,
      "true",
      "max.batch.size",
      "100",
      "max.queue.size",
      "100",
      "snapshot.max.threads",
      "" + threads
    };
    int read = 0;
    for (int cut = 0; cut < 3; cut++) {
      int most = 700 + cut * 500;
      try (TaskRunner runner = table.run(settings)) {
        List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= most);
        read += records.size();
        replay.apply(records);
        runner.storeOffsets();
      }
    }
    table.execute(
        "update ev set v = 'changed' where id % 3 = 0; delete from ev where id % 5 = 0;"
            + "update ev set id = id + 1000000 where id % 11 = 1;"
            + "insert into ev values ("
            + (3 * END)
            + ", 'end')");
    List<SourceRecord> rest = new ArrayList<>();
    try (TaskRunner runner = table.run(settings)) {
      rest.addAll(runner.pollUntil(LONG, all -> has(all, 3 * END)));
      replay.apply(rest);
    }
    assertThat(read + events(rest, "ev", "r").size()).isLessThanOrEqualTo(20_000);
    assertThat(replay.doubles()).isZero();
    Map<Integer, String> rows = new HashMap<>();
    replay.rows().forEach((id, row) -> rows.put((Integer) id, (String) row.get("v")));
    assertThat(rows)
        .hasSize(Integer.parseInt(Servers.single(table.server(), "select count(*) from ev")));
    assertThat(rows.get(END + 12)).isEqualTo("changed");
    assertThat(rows).doesNotContainKey(12).doesNotContainKey(5);
  }

  @Test
  void readsARootWhosePartitionsTheUserMayNotRead() throws Exception {
    table.createTables(3000);
    table.execute(
        "create role capture login replication password 'p'; grant select on ev to capture;"
            + "create publication tributary for table ev with (publish_via_partition_root = true)");
    String[] settings = {
      "database.user",
      "capture",
      "database.password",
      "p",
      "max.batch.size",
      "100",
      "max.queue.size",
      "100",
      "snapshot.max.threads",
      "2"
    };
    try (TaskRunner runner = table.run(settings)) {
      runner.pollUntil(LONG, all -> all.size() >= 500);
      runner.storeOffsets();
    }
    // read by its partitions or not, what was begun is read to the end
    table.execute("grant select on ev_1, ev_2, ev_3_a, ev_3_b, ev_rest to capture");
    try (TaskRunner runner = table.run(settings)) {
      table.execute("insert into ev values (" + END + ", 'end')");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, END));
      // rows without places are read as they are now
      assertThat(ids(events(records, "ev", "r"))).contains(range(0, 3000)).doesNotHaveDuplicates();
    }
  }

  @Test
  void capturesAPartitionAlone() throws Exception {
    table.createTables(2000);
    try (TaskRunner runner = table.run(VIA_ROOT, "true", "table.include.list", "public.ev_2")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 1000);
      assertThat(ids(events(records, "ev_2", "r"))).containsExactlyInAnyOrder(range(1000, 2000));
      table.execute(
          "insert into ev values (3000, 'elsewhere'); update ev set v = 'u' where id = 1000");
      runner.pollUntil(LONG, all -> ids(events(all, "ev_2", "u")).contains(1000));
    }
  }

  @Test
  void readsARootAgainWhileItChanges() throws Exception {
    table.createTables(2500);
    try (TaskRunner runner = table.run(VIA_ROOT, "true", "snapshot.mode", "no_data")) {
      table.awaitStreaming();
      table.execute(
          "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \"execute-snapshot\","
              + " \"data\": {\"data-collections\": [\"public.ev\"]}}');"
              + "update ev set v = 'changed' where id = 1; update ev set id = 1500 + 2000 where id = 1500");
      List<SourceRecord> records =
          runner.pollUntil(LONG, all -> events(all, "ev", "r").size() >= 2499);
      Replay replay = new Replay("shop.public.ev");
      replay.apply(records);
      assertThat(replay.rows()).hasSize(2500);
      assertThat(replay.row(1).orElseThrow().get("v")).isEqualTo("changed");
      assertThat(replay.row(3500)).isPresent();
      assertThat(replay.row(1500)).isEmpty();
    }
  }
}
