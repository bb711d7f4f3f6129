package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import io.debezium.transforms.ExtractNewRecordState;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What Debezium leaves out or loses and is kept here, and configs written for Debezium as they
 * stand.
 */
class BeyondDebeziumTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TaskRunner run(String name, String... more) throws Exception {
    return run(name, new TaskRunner.Store(), more);
  }

  private static TaskRunner run(String name, TaskRunner.Store store, String... more)
      throws Exception {
    Map<String, String> config =
        Servers.ownerConfig(server, "name", name, "slot.name", name, "publication.name", name);
    config.put("table.include.list", "public." + name);
    config.put("publication.autocreate.mode", "filtered");
    Servers.with(config, more);
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private static List<SourceRecord> rows(TaskRunner runner, int count) throws Exception {
    List<SourceRecord> rows = new ArrayList<>();
    runner.pollUntil(
        PATIENCE,
        all -> {
          rows.clear();
          all.stream().filter(r -> !r.topic().startsWith("__debezium")).forEach(rows::add);
          return rows.size() >= count;
        });
    return rows;
  }

  private static Struct after(SourceRecord record) {
    return ((Struct) record.value()).getStruct("after");
  }

  private static void awaitStreaming(String slot) {
    Await.until(
        "slot " + slot + " to be streamed",
        PATIENCE,
        () ->
            "t"
                .equals(
                    Servers.single(
                        server,
                        "select active and not temporary from pg_replication_slots where slot_name = '"
                            + slot
                            + "'")));
  }

  @Test
  void writesTypesThatDebeziumLeavesOut() throws Exception {
    Servers.execute(
        server,
        "create type pair as (a int, b text, c numeric(5,2)); create domain whole as int;"
            + "create table kinds(id int primary key, c pair, ca pair[], iv interval[], mo money[],"
            + " mr int4multirange, wa whole[], bx box[], bt bit(3)[], pt point[], na numeric[]);"
            + "insert into kinds values (1, '(1,\"x, \"\"y\"\" \\\\z\",2.50)', '{\"(2,,)\"}',"
            + " '{1 day}', '{1.50}', '{[1,3),[5,7)}', '{1,NULL}', '{(1,2),(3,4);(5,6),(7,8)}',"
            + " '{101}', '{\"(1,2)\"}', '{1.5,NaN}')");
    try (TaskRunner runner = run("kinds")) {
      List<SourceRecord> snapshot = rows(runner, 1);
      awaitStreaming("kinds");
      Servers.execute(server, "update kinds set id = id where id = 1");
      SourceRecord streamed = rows(runner, 1).get(0);
      for (Struct row : List.of(after(snapshot.get(0)), after(streamed))) {
        Struct pair = row.getStruct("c");
        assertThat(pair.schema().name()).isEqualTo("public.pair");
        assertThat(pair.get("a")).isEqualTo(1);
        assertThat(pair.get("b")).isEqualTo("x, \"y\" \\z");
        assertThat(pair.get("c")).isEqualTo(new BigDecimal("2.50"));
        assertThat(row.<Struct>getArray("ca").get(0).get("a")).isEqualTo(2);
        assertThat(row.<Struct>getArray("ca").get(0).get("b")).isNull();
        assertThat(row.getArray("iv")).isEqualTo(List.of(86_400_000_000L));
        assertThat(row.getArray("mo")).isEqualTo(List.of(new BigDecimal("1.50")));
        assertThat(row.get("mr")).isEqualTo("{[1,3),[5,7)}");
        assertThat(row.getArray("wa")).containsExactly(1, null);
        assertThat(row.getArray("bx")).hasSize(2);
        assertThat(row.<byte[]>getArray("bt").get(0)).containsExactly(5);
        assertThat(row.<Struct>getArray("pt").get(0).get("y")).isEqualTo(2d);
        assertThat(row.getArray("na")).hasSize(2).last().isNull();
      }
    }
  }

  /** A composite all of whose fields are NULL "is NULL" in SQL, but it is there. */
  @Test
  void tellsCompositesOfNullsFromNull() throws Exception {
    Servers.execute(
        server,
        "create type hue as enum ('a', 'b'); create type tint as (h hue[], n int);"
            + "create table tints(id int primary key, c tint, ca tint[], n tint not null);"
            + "insert into tints values (1, null, array[null]::tint[], row(null, null)::tint),"
            + " (2, row(null, null)::tint, array[row(array['a', null]::hue[], 1)::tint],"
            + " row(array[null]::hue[], 2)::tint)");
    try (TaskRunner runner = run("tints")) {
      List<SourceRecord> snapshot = rows(runner, 2);
      awaitStreaming("tints");
      Servers.execute(server, "update tints set id = id");
      List<SourceRecord> streamed = rows(runner, 2);
      for (List<SourceRecord> records : List.of(snapshot, streamed)) {
        Struct first = after(records.get(0));
        assertThat(first.get("c")).isNull();
        assertThat(first.getArray("ca")).containsExactly((Object) null);
        assertThat(first.getStruct("n").get("n")).isNull();
        assertThat(first.schema().field("n").schema().isOptional()).isFalse();
        Struct second = after(records.get(1));
        assertThat(second.getStruct("c").get("h")).isNull();
        assertThat(second.<Struct>getArray("ca").get(0).getArray("h")).containsExactly("a", null);
        assertThat(second.getStruct("n").getArray("h")).containsExactly((Object) null);
      }
    }
  }

  /** The server announces changes of tables, not of types. */
  @Test
  void followsCompositesThatAreAltered() throws Exception {
    Servers.execute(
        server,
        "create type spot as (a int, b text); create domain place as spot;"
            + "create table spots(id int primary key, c spot, ca place[])");
    TaskRunner.Store store = new TaskRunner.Store();
    String insert = "insert into spots values (%d, %s, array[%s]::place[])";
    try (TaskRunner runner = run("spots", store)) {
      awaitStreaming("spots");
      Servers.execute(server, String.format(insert, 1, "'(1,x)'", "'(2,y)'"));
      rows(runner, 1);
      Servers.execute(server, "alter type spot add attribute d int cascade");
      Servers.execute(server, String.format(insert, 2, "'(1,x,3)'", "'(2,y,4)'"));
      Struct added = after(rows(runner, 1).get(0));
      assertThat(added.getStruct("c").get("d")).isEqualTo(3);
      assertThat(added.<Struct>getArray("ca").get(0).get("d")).isEqualTo(4);
      Servers.execute(server, "alter type spot drop attribute a cascade");
      Servers.execute(server, String.format(insert, 3, "'(x,3)'", "'(y,4)'"));
      Struct dropped = after(rows(runner, 1).get(0));
      assertThat(dropped.getStruct("c").schema().field("a")).isNull();
      assertThat(dropped.getStruct("c").get("b")).isEqualTo("x");
      runner.storeOffsets();
    }
    Servers.execute(server, String.format(insert, 4, "'(x,3)'", "'(y,4)'"));
    Servers.execute(server, "alter type spot add attribute e text cascade");
    Servers.execute(server, String.format(insert, 5, "'(x,3,z)'", "'(y,4,z)'"));
    try (TaskRunner runner = run("spots", store)) {
      List<SourceRecord> late = rows(runner, 2);
      assertThat(after(late.get(0)).getStruct("c").get("b")).isEqualTo("x");
      assertThat(after(late.get(0)).getStruct("c").get("e")).isNull();
      assertThat(after(late.get(1)).<Struct>getArray("ca").get(0).get("e")).isEqualTo("z");
    }
  }

  /** What is read by place, since it is older, does not hide that the type is altered again. */
  @Test
  void followsCompositesThatAreAlteredAfterFormerValues() throws Exception {
    Servers.execute(
        server,
        "create type dot as (a int, b text);"
            + "create table dots(id int primary key, c dot, ca dot[])");
    TaskRunner.Store store = new TaskRunner.Store();
    String insert = "insert into dots values (%d, %s, array[%s]::dot[])";
    try (TaskRunner runner = run("dots", store)) {
      awaitStreaming("dots");
      Servers.execute(server, String.format(insert, 1, "'(1,x)'", "'(2,y)'"));
      rows(runner, 1);
      runner.storeOffsets();
    }
    Servers.execute(server, String.format(insert, 2, "'(1,x)'", "'(2,y)'"));
    Servers.execute(server, "alter type dot drop attribute b cascade");
    try (TaskRunner runner = run("dots", store)) {
      Struct longer = after(rows(runner, 1).get(0));
      assertThat(longer.getStruct("c").get("a")).isEqualTo(1);
      assertThat(longer.getStruct("c").schema().fields()).hasSize(1);
      Servers.execute(server, "alter type dot add attribute d int cascade");
      Servers.execute(server, String.format(insert, 3, "'(1,3)'", "'(2,4)'"));
      Struct added = after(rows(runner, 1).get(0));
      assertThat(added.getStruct("c").get("d")).isEqualTo(3);
      assertThat(added.<Struct>getArray("ca").get(0).get("d")).isEqualTo(4);
      runner.storeOffsets();
    }
    Servers.execute(server, String.format(insert, 4, "'(1,3)'", "'(2,4)'"));
    Servers.execute(server, "alter type dot add attribute e text cascade");
    try (TaskRunner runner = run("dots", store)) {
      Struct shorter = after(rows(runner, 1).get(0));
      assertThat(shorter.getStruct("c").get("d")).isEqualTo(3);
      assertThat(shorter.getStruct("c").get("e")).isNull();
      Servers.execute(server, "alter type dot add attribute f int cascade");
      Servers.execute(server, String.format(insert, 5, "'(1,3,z,5)'", "'(2,4,z,6)'"));
      Struct added = after(rows(runner, 1).get(0));
      assertThat(added.getStruct("c").get("f")).isEqualTo(5);
      assertThat(added.<Struct>getArray("ca").get(0).get("f")).isEqualTo(6);
    }
  }

  @Test
  void followsCompositesThatAreAlteredTogetherWithTheEnumsInThem() throws Exception {
    Servers.execute(
        server,
        "create type tone as enum ('a'); create type dab as (t tone, n int);"
            + "create type daub as (t tone, d dab);"
            + "create table dabs(id int primary key, d dab, o daub)");
    try (TaskRunner runner = run("dabs")) {
      awaitStreaming("dabs");
      Servers.execute(server, "insert into dabs values (1, '(a,1)', '(a,\"(a,1)\")')");
      rows(runner, 1);
      Servers.execute(server, "alter type tone add value 'b'");
      Servers.execute(server, "alter type dab add attribute m int cascade");
      Servers.execute(server, "insert into dabs values (2, '(b,1,5)', '(b,\"(b,1,6)\")')");
      Struct row = after(rows(runner, 1).get(0));
      assertThat(row.getStruct("d").get("t")).isEqualTo("b");
      assertThat(row.getStruct("d").get("m")).isEqualTo(5);
      assertThat(row.getStruct("o").get("t")).isEqualTo("b");
      assertThat(row.getStruct("o").getStruct("d").get("m")).isEqualTo(6);
    }
  }

  /** NULL would lose what is a value of the type after all. */
  @Test
  void stopsAtCompositesWhoseFieldsCannotBeRead() throws Exception {
    Servers.execute(
        server,
        "create type span as (a int, b text); create table spans(id int primary key, c span)");
    TaskRunner.Store store = new TaskRunner.Store();
    try (TaskRunner runner = run("spans", store)) {
      awaitStreaming("spans");
      Servers.execute(server, "insert into spans values (1, '(1,x)')");
      rows(runner, 1);
      runner.storeOffsets();
    }
    Servers.execute(server, "insert into spans values (2, '(1,x)')");
    Servers.execute(
        server, "alter type span drop attribute a cascade, add attribute d int cascade");
    try (TaskRunner runner = run("spans", store)) {
      assertThatThrownBy(() -> rows(runner, 1))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("column c of table public.spans", "column.exclude.list");
    }
  }

  @Test
  void writesTimesThatDebeziumWraps() throws Exception {
    Servers.execute(
        server,
        "create table far(id int primary key, ts timestamp, ms timestamp(3), tz timestamptz,"
            + " nn timestamp not null, iv interval, ov oidvector);");
    String last = "'294276-12-31 23:59:59.999'";
    String values =
        String.join(", ", last, last, last, last, "'infinity'::text::interval", "'3 4'");
    boolean infinite =
        Integer.parseInt(Servers.single(server, "show server_version_num")) >= 170_000;
    String insert =
        "insert into far values (%d, "
            + (infinite ? values : values.replace("'infinity'", "'1 y'"));
    Servers.execute(server, String.format(insert, 1) + ")");
    try (TaskRunner runner = run("far")) {
      Struct snapshot = after(rows(runner, 1).get(0));
      awaitStreaming("far");
      Servers.execute(server, String.format(insert, 2) + ")");
      Struct streamed = after(rows(runner, 1).get(0));
      for (Struct row : List.of(snapshot, streamed)) {
        assertThat(row.get("ts")).isNull(); // microseconds have no room for it
        assertThat(row.get("nn")).isNull();
        assertThat(row.schema().field("nn").schema().isOptional()).isTrue();
        assertThat(row.get("ms"))
            .isEqualTo(Instant.parse("+294276-12-31T23:59:59.999Z").toEpochMilli());
        assertThat(row.get("tz")).isEqualTo("+294276-12-31T23:59:59.999000Z");
        assertThat(row.getArray("ov")).containsExactly(3L, 4L);
        if (infinite) {
          assertThat(row.get("iv")).isEqualTo(Long.MAX_VALUE);
        }
      }
    }
  }

  @Test
  void makesAColumnOptionalForAValueThatDecimalCannotTell() throws Exception {
    Servers.execute(
        server,
        "create table nans(id int primary key, n numeric not null, f numeric(5,2) not null)");
    try (TaskRunner runner = run("nans")) {
      awaitStreaming("nans");
      Servers.execute(
          server, "insert into nans values (1, 1, 1); insert into nans values (2, 'NaN', 2)");
      List<SourceRecord> rows = rows(runner, 2);
      assertThat(after(rows.get(0)).schema().field("n").schema().isOptional()).isFalse();
      assertThat(after(rows.get(1)).schema().field("n").schema().isOptional()).isTrue();
      assertThat(after(rows.get(1)).get("n")).isNull();
      assertThat(after(rows.get(1)).get("f")).isEqualTo(new BigDecimal("2.00"));
    }
  }

  @Test
  void makesElementsOptionalForArraysThatHaveNull() throws Exception {
    Servers.execute(
        server,
        "create type flag as enum ('a', 'b');"
            + "create table holes(id int primary key, f flag[], t tsvector[], n flag[] not null);"
            + "insert into holes values (1, '{a}', '{x}', '{}')");
    try (TaskRunner runner = run("holes")) {
      Schema before = after(rows(runner, 1).get(0)).schema();
      assertThat(before.field("f").schema().valueSchema().isOptional()).isFalse();
      awaitStreaming("holes");
      Servers.execute(server, "insert into holes values (2, '{a,NULL}', '{NULL,x}', '{NULL}')");
      List<SourceRecord> rows = rows(runner, 1);
      Struct row = after(rows.get(0));
      assertThat(row.getArray("f")).containsExactly("a", null);
      assertThat(row.getArray("t")).containsExactly(null, "'x'");
      assertThat(row.getArray("n")).containsExactly((Object) null);
      Schema element = row.schema().field("f").schema().valueSchema();
      assertThat(element.isOptional()).isTrue();
      assertThat(element.name()).isEqualTo("io.debezium.data.Enum");
      assertThat(element.parameters()).containsEntry("allowed", "a,b");
    }
  }

  @Test
  void tellsOfLabelsThatWereAddedInsideOtherTypes() throws Exception {
    Servers.execute(
        server,
        "create type grade as enum ('a'); create domain mark as grade;"
            + " create type graded as (g grade);"
            + "create table labels(id int primary key, a grade[], d mark, c graded);"
            + "insert into labels values (1, '{a}', 'a', '(a)')");
    try (TaskRunner runner = run("labels")) {
      rows(runner, 1);
      awaitStreaming("labels");
      Servers.execute(server, "insert into labels values (2, '{a}', 'a', '(a)')");
      rows(runner, 1);
      Servers.execute(server, "alter type grade add value 'b'");
      Servers.execute(server, "insert into labels values (3, '{b}', 'b', '(b)')");
      Struct row = after(rows(runner, 1).get(0));
      assertThat(row.getArray("a")).containsExactly("b");
      assertThat(row.get("d")).isEqualTo("b");
      assertThat(row.getStruct("c").get("g")).isEqualTo("b");
      Schema schema = row.schema();
      assertThat(
              List.of(
                  schema.field("a").schema().valueSchema(),
                  schema.field("d").schema(),
                  schema.field("c").schema().field("g").schema()))
          .extracting(Schema::parameters)
          .containsOnly(Map.of("allowed", "a,b"));
    }
  }

  @Test
  void coversJsonAndHashesKeys() throws Exception {
    Servers.execute(
        server,
        "create table covered(id text primary key, j jsonb);"
            + "insert into covered values ('me', '{\"a\": 1}')");
    try (TaskRunner runner =
        run(
            "covered",
            "column.mask.with.3.chars",
            "public.covered.j",
            "column.mask.hash.v2.SHA-256.with.salt.s",
            "public.covered.id")) {
      SourceRecord record = rows(runner, 1).get(0);
      assertThat(after(record).get("j")).isEqualTo("***");
      assertThat(after(record).getString("id")).hasSize(64);
      assertThat(((Struct) record.key()).get("id")).isEqualTo(after(record).get("id"));
    }
  }

  @Test
  void writesVectorsThatDebeziumLosesOrStopsAt() throws Exception {
    Servers.assumeExtension(server, "vector");
    Servers.execute(
        server,
        "create extension vector; create type measured as (s sparsevec, v vector(2));"
            + "create table vectors(id int primary key, sn sparsevec(3) not null, sa sparsevec[],"
            + " va vector[] not null, sl sparsevec(100000), su sparsevec, m measured);"
            + "insert into vectors values (1, '{2:1.5}/3', '{NULL,\"{1:1}/2\"}', '{\"[1]\",NULL}',"
            + " '{99999:2}/100000', '{7:1}/8', '(\"{40000:1}/40000\",\"[1,2]\")')");
    try (TaskRunner runner = run("vectors")) {
      Struct snapshot = after(rows(runner, 1).get(0));
      awaitStreaming("vectors");
      Servers.execute(server, "update vectors set id = id");
      Struct streamed = after(rows(runner, 1).get(0));
      for (Struct row : List.of(snapshot, streamed)) {
        assertThat(row.<Struct>getArray("sa").get(0)).isNull();
        assertThat(row.<Struct>getArray("sa").get(1).getMap("vector"))
            .isEqualTo(Map.of((short) 1, 1d));
        assertThat(row.getArray("va")).containsExactly(List.of(1d), null);
        assertThat(row.getStruct("sl").get("dimensions")).isEqualTo(100_000);
        assertThat(row.getStruct("sl").getMap("vector")).isEqualTo(Map.of(99_999, 2d));
        assertThat(row.getStruct("su").get("dimensions")).isEqualTo((short) 8);
        assertThat(row.getStruct("m").getStruct("s").getMap("vector"))
            .isEqualTo(Map.of(40_000, 1d));
        assertThat(row.getStruct("m").getArray("v")).containsExactly(1d, 2d);
      }
      Servers.execute(
          server, "update vectors set su = '{40000:1}/40000'; update vectors set su = '{1:1}/2'");
      for (SourceRecord record : rows(runner, 2)) {
        assertThat(after(record).getStruct("su").schema().version()).isEqualTo(2);
        assertThat(after(record).getStruct("su").get("dimensions")).isIn(40_000, 2);
      }
      Servers.execute(server, "delete from vectors");
      Struct before = ((Struct) rows(runner, 1).get(0).value()).getStruct("before");
      assertThat(before.getStruct("sn").get("dimensions")).isEqualTo((short) 0);
    }
  }

  @Test
  void runsAConfigOfATutorialWithDebeziumsTransformBehindIt() throws Exception {
    Servers.execute(
        server,
        "create table customers(id int primary key, name text);"
            + "insert into customers values (1, 'a')");
    try (TaskRunner runner =
            run(
                "customers",
                "plugin.name",
                "pgoutput",
                "snapshot.mode",
                "initial",
                "tombstones.on.delete",
                "false",
                "include.schema.changes",
                "false",
                "database.server.name",
                "ignored",
                "table.whitelist",
                "public.ignored");
        ExtractNewRecordState<SourceRecord> unwrap = new ExtractNewRecordState<>()) {
      unwrap.configure(
          Map.of(
              "drop.tombstones", "true",
              "delete.tombstone.handling.mode", "rewrite",
              "add.fields", "op,table,lsn"));
      List<SourceRecord> records = new ArrayList<>(rows(runner, 1));
      awaitStreaming("customers");
      Servers.execute(
          server,
          "update customers set name = 'b' where id = 1; delete from customers where id = 1");
      records.addAll(rows(runner, 2));
      List<Struct> flat = records.stream().map(unwrap::apply).map(r -> (Struct) r.value()).toList();
      assertThat(flat).extracting(row -> row.get("__op")).containsExactly("r", "u", "d");
      assertThat(flat)
          .extracting(row -> row.get("__deleted"))
          .containsExactly("false", "false", "true");
      assertThat(flat).extracting(row -> row.get("__table")).containsOnly("customers");
      assertThat(flat.get(1).get("name")).isEqualTo("b");
      assertThat(records).extracting(SourceRecord::topic).containsOnly("shop.public.customers");
    }
  }
}
