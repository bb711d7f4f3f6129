package dev.tributary.postgres;

import static dev.tributary.postgres.PartitionedTable.END;
import static dev.tributary.postgres.PartitionedTable.LONG;
import static dev.tributary.postgres.PartitionedTable.VIA_ROOT;
import static dev.tributary.postgres.PartitionedTable.events;
import static dev.tributary.postgres.PartitionedTable.has;
import static dev.tributary.postgres.PartitionedTable.ids;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of partitioned tables, under the name of their root. */
class PartitionedStreamTest {
  private final PartitionedTable table = new PartitionedTable();

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void movesRowsBetweenPartitionsUnderTheRootsName() throws Exception {
    table.createTables(10);
    try (TaskRunner runner = table.run(VIA_ROOT, "true", "skipped.operations", "none")) {
      runner.pollUntil(LONG, all -> all.size() >= 10);
      table.awaitStreaming();
      table.execute(
          "update ev set v = 'same' where id = 1; update ev set id = 1001 where id = 2;"
              + "truncate ev_1; insert into ev values ("
              + END
              + ", 'end')");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, END));
      assertThat(ids(events(records, "ev", "u"))).containsExactly(1);
      // to the log the move is a delete and an insert, of whatever key
      assertThat(ids(events(records, "ev", "d"))).containsExactly(2);
      assertThat(ids(events(records, "ev", "c"))).containsExactly(1001, END);
      assertThat(events(records, "ev", "t")).as("of a partition alone").isEmpty();
      table.execute("truncate ev");
      runner.pollUntil(LONG, all -> !events(all, "ev", "t").isEmpty());
    }
  }

  @Test
  void followsPartitionsThatComeAndGo() throws Exception {
    table.createTables(10);
    table.execute(
        "create table late(like ev including all); insert into late values (5000, 'before')");
    try (TaskRunner runner = table.run(VIA_ROOT, "true")) {
      runner.pollUntil(LONG, all -> all.size() >= 10);
      table.awaitStreaming();
      table.execute("insert into late values (5001, 'not captured yet')");
      table.execute("alter table ev detach partition ev_rest");
      table.execute("alter table ev attach partition late for values from (5000) to (6000)");
      table.execute("insert into ev_rest values (9000, 'not captured any more')");
      table.execute("create table ev_7 partition of ev for values from (7000) to (8000)");
      table.execute("insert into ev values (5002, 'late'), (7000, 'new')");
      table.execute("alter table ev detach partition ev_1; insert into ev_1 values (998, 'gone')");
      table.execute("create table ev_end partition of ev for values from (900000) to (1100000)");
      table.execute("insert into ev values (" + END + ", 'end')");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, END));
      assertThat(ids(events(records, "ev", "c"))).containsExactly(5002, 7000, END);
      // what the attached table held can be asked for
      table.execute(
          "select pg_logical_emit_message(true, 'tributary.signal', '{\"id\": \"1\", \"type\":"
              + " \"execute-snapshot\", \"data\": {\"data-collections\": [\"public.ev\"],"
              + " \"additional-conditions\": [{\"data-collection\": \"public.ev\", \"filter\":"
              + " \"tableoid = ''public.late''::regclass\"}]}}')");
      List<SourceRecord> attached =
          runner.pollUntil(LONG, all -> events(all, "ev", "r").size() >= 3);
      assertThat(ids(events(attached, "ev", "r"))).containsExactly(5000, 5001, 5002);
    }
  }

  @Test
  void addsARootThatIsCapturedLater() throws Exception {
    table.createTables(0);
    table.execute("create table ew(id int primary key) partition by range (id)");
    try (TaskRunner runner =
        table.run(
            VIA_ROOT,
            "true",
            "table.include.list",
            "public.e.*",
            "snapshot.new.tables.interval.ms",
            "100")) {
      table.awaitStreaming();
      table.execute(
          "create table ex(id int primary key) partition by range (id);"
              + "create table ex_1 partition of ex for values from (0) to (10);"
              + "insert into ex values (1), (2)");
      List<SourceRecord> records =
          runner.pollUntil(
              LONG, all -> events(all, "ex", "r").size() + events(all, "ex", "c").size() >= 2);
      assertThat(records).extracting(SourceRecord::topic).doesNotContain("shop.public.ex_1");
      table.execute("create table ew_1 partition of ew for values from (0) to (10);");
      table.execute("insert into ew values (3)");
      runner.pollUntil(LONG, all -> ids(events(all, "ew", "c")).contains(3));
    }
  }
}
