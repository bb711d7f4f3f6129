package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Tables that change while they are streamed, and while they are not: beside Debezium where the
 * changes are read as they are made, and against what was true at the time where they are read
 * later, since there Debezium goes by what the catalogue says by then.
 */
class SchemaChangeTest {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /**
   * A table that is changed; {@code T} stands for its name.
   *
   * @param older what is changed in it before, in the form of {@link #shape}
   */
  private record Case(
      String name, String columns, String before, String ddl, String after, List<String> older) {
    String create() {
      return "create table " + name + columns.replace("T", name) + ";";
    }

    String[] sql(String... statements) {
      return Stream.of(statements).map(sql -> sql.replace("T", name)).toArray(String[]::new);
    }
  }

  private static Case of(
      String name, String columns, String before, String ddl, String after, String... older) {
    return new Case("t_" + name, columns, before, ddl, after, List.of(older));
  }

  private static final String TYPES =
      "create type mood as enum ('a', 'b'); create type toy as enum ('x', 'y');";

  private static final List<Case> CASES =
      List.of(
          of(
              "added",
              "(id int primary key, v text)",
              "insert into T values (1, 'a')",
              "alter table T add w int, add z text not null default 'q'",
              "insert into T values (2, 'b', 2); update T set v = 'c'",
              "id -> id=1 v=a?"),
          of(
              "dropped",
              "(id int primary key, v text, w int not null)",
              "insert into T values (1, 'a', 1)",
              "alter table T drop w",
              "insert into T values (2, 'b'); delete from T where id = 1",
              "id -> id=1 v=a? w=1?"), // that it was NOT NULL is forgotten
          of(
              "renamed",
              "(id int primary key, v text not null)",
              "insert into T values (1, 'a')",
              "alter table T rename v to u",
              "insert into T values (2, 'b'); update T set u = 'c'",
              "id -> id=1 v=a?"),
          of(
              "swapped",
              "(id int primary key, a int not null, b int)",
              "insert into T values (1, 1, null)",
              "alter table T rename a to c; alter table T rename b to a; alter table T rename c to b",
              "insert into T(id, b, a) values (2, 5, null)",
              "id -> id=1 a=1? b=null?"),
          of(
              "retyped",
              "(id int primary key, v int not null default 3, n numeric(5,2), s varchar(3))",
              "insert into T values (1, 1, 1.5, 'abc')",
              "alter table T alter v type bigint, alter n type numeric(10,4),"
                  + " alter s type varchar(9)",
              "insert into T values (2, 2, 2.5, 'abcdef')",
              "id -> id=1 v=1? n=1.50? s=abc?"),
          of(
              "to_text",
              "(id int primary key, v int)",
              "insert into T values (1, 1)",
              "alter table T alter v type text",
              "insert into T values (2, 'x')",
              "id -> id=1 v=1?"),
          of(
              "key_retyped",
              "(id int primary key, v int)",
              "insert into T values (1, 1)",
              "alter table T alter id type text",
              "insert into T values ('x', 2); delete from T where id = '1'",
              "id -> id=1 v=1?"),
          of(
              "defaulted",
              "(id int primary key, v int default 1)",
              "insert into T values (1)",
              "alter table T alter v set default 2",
              "insert into T values (2)",
              "id -> id=1 v=1?"),
          of(
              "undefaulted",
              "(id int primary key, v int default 1)",
              "insert into T values (1)",
              "alter table T alter v drop default",
              "insert into T values (2)",
              "id -> id=1 v=1?"),
          of(
              "required",
              "(id int primary key, v int)",
              "insert into T values (1, null); delete from T",
              "alter table T alter v set not null",
              "insert into T values (2, 2)",
              "id -> id=1 v=null?",
              "id -> id=1 v=null?",
              "id -> nothing"),
          of(
              "optional",
              "(id int primary key, v int not null)",
              "insert into T values (1, 1)",
              "alter table T alter v drop not null",
              "insert into T values (2, null)",
              "id -> id=1 v=1?"),
          of(
              "key_changed",
              "(id int primary key, k int not null)",
              "insert into T values (1, 1)",
              "alter table T drop constraint T_pkey, add primary key (k)",
              "insert into T values (2, 2); update T set id = 5 where k = 2;"
                  + " delete from T where k = 2",
              "id -> id=1 k=1"),
          of(
              "key_renamed",
              "(id int primary key, v int)",
              "insert into T values (1, 1); update T set id = 3",
              "alter table T rename id to key",
              "insert into T values (2, 2); delete from T where key = 2",
              "id -> id=1 v=1?",
              "id -> id=1 v=null?",
              "id -> nothing",
              "id -> id=3 v=1?"),
          of(
              "key_renamed_full",
              "(id int primary key, v int); alter table T replica identity full",
              "insert into T values (1, 1); update T set v = 2",
              "alter table T rename id to key; alter table T add w int",
              "insert into T values (2, 2); delete from T where key = 2",
              "id -> id=1? v=1?",
              "id -> id=1? v=2?"),
          of(
              "key_dropped",
              "(id int primary key, v int)",
              "insert into T values (1, 1)",
              "alter table T drop constraint T_pkey",
              "insert into T values (2, 2)",
              "id -> id=1 v=1?"),
          of(
              "key_added",
              "(id int not null, v int)",
              "insert into T values (1, 1)",
              "alter table T add primary key (id)",
              "insert into T values (2, 2); delete from T",
              " -> id=1 v=1?"),
          of(
              "labelled",
              "(id int primary key, m mood)",
              "insert into T values (1, 'a')",
              "alter type mood add value 'c'",
              "insert into T values (2, 'c')",
              "id -> id=1 m=a?"),
          of(
              "moved",
              "(id int primary key)",
              "insert into T values (1)",
              "alter table T rename to T_new",
              "insert into T_new values (2)",
              "id -> id=1"),
          of(
              "made",
              "(id int primary key)",
              "insert into T values (1)",
              "create table T_next(id int primary key, m mood)",
              "insert into T_next values (2, 'a')",
              "id -> id=1"),
          of(
              "identified",
              "(id int primary key, v int)",
              "insert into T values (1, 1); update T set v = 2",
              "alter table T replica identity full",
              "update T set v = 3; delete from T; alter table T replica identity nothing;"
                  + " insert into T values (2, 2)",
              "id -> id=1 v=1?",
              "id -> id=1 v=2?"),
          of(
              "made_anew",
              "(id int primary key)",
              "insert into T values (1)",
              "drop table T; create table T(id text primary key, x int)",
              "insert into T values ('a', 2)",
              "id -> id=1"),
          of(
              "type_dropped",
              "(id int primary key, e toy)",
              "insert into T values (1, 'x')",
              "alter table T drop e; drop type toy",
              "insert into T values (2)",
              "id -> id=1 e=x?"));

  @Test
  void followsEachChangeAsDebeziumDoes() throws Exception {
    try (BothConnectors both =
        new BothConnectors(server, Map.of("table.include.list", "public.t_.*,public.zz_done"))) {
      both.start(tables());
      SoftAssertions softly = new SoftAssertions();
      for (Case changed : CASES) {
        softly.assertThat(differences(both.changes(changed.sql(changed.before())))).isEmpty();
        softly
            .assertThat(differences(both.changes(changed.sql(changed.ddl(), changed.after()))))
            .as(changed.ddl())
            .isEmpty();
      }
      softly.assertAll();
    }
  }

  @Test
  void writesChangesThatAreOlderThanTheCatalogueAsTheyWereMade() throws Exception {
    try (BothConnectors both =
        new BothConnectors(server, Map.of("table.include.list", "public.t_.*,public.zz_done"))) {
      both.start(tables());
      List<String> all = new ArrayList<>();
      CASES.forEach(changed -> all.addAll(List.of(changed.sql(changed.before()))));
      CASES.forEach(changed -> all.addAll(List.of(changed.sql(changed.ddl(), changed.after()))));
      List<SourceRecord> written = both.changesWhileStopped(all.toArray(String[]::new)).ours();
      SoftAssertions softly = new SoftAssertions();
      int at = 0;
      for (Case changed : CASES) {
        for (String older : changed.older()) {
          SourceRecord record = written.get(at++);
          softly.assertThat(record.topic()).isEqualTo("shop.public." + changed.name());
          softly.assertThat(shape(record)).as(changed.name()).isEqualTo(older);
        }
      }
      softly.assertThat(newer(written)).containsAll(List.of("t_moved_new", "t_made_next"));
      softly.assertAll();
    }
  }

  private static List<String> newer(List<SourceRecord> written) {
    return written.stream().map(record -> record.topic().replace("shop.public.", "")).toList();
  }

  private static String tables() {
    StringBuilder sql = new StringBuilder(TYPES);
    CASES.forEach(changed -> sql.append(changed.create()));
    return sql.toString();
  }

  private static List<String> differences(BothConnectors.Outcome outcome) {
    assertThat(outcome.ours()).hasSizeGreaterThan(1);
    return Differences.of(outcome.ours(), outcome.theirs());
  }

  /** Names in the key, and names and values in the row, with a ? where it may be NULL. */
  private static String shape(SourceRecord record) {
    StringBuilder text = new StringBuilder();
    if (record.key() instanceof Struct key) {
      key.schema().fields().forEach(field -> text.append(field.name()));
    }
    text.append(" ->");
    if (!(record.value() instanceof Struct value)) {
      return text.append(" nothing").toString();
    }
    Struct row = value.getStruct(value.get("after") == null ? "before" : "after");
    for (Field field : row.schema().fields()) {
      Schema schema = field.schema();
      text.append(' ').append(field.name()).append('=');
      text.append(row.getWithoutDefault(field.name())).append(schema.isOptional() ? "?" : "");
    }
    return text.toString();
  }
}
