package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.replication.TableChecks;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each mistake gives one clear message, on the key it belongs to. */
class BadInputTest {
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    Servers.execute(
        server,
        "create table t(id int primary key); create publication ready for table t; create role plain login password 'p';"
            + " create role capture login replication password 'p'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void acceptsASoundConfig() {
    assertThat(errors(Servers.ownerConfig(server, "table.include.list", "public.t"))).isEmpty();
  }

  @Test
  void namesAMissingSetting() {
    Map<String, String> config = Servers.ownerConfig(server);
    config.remove("topic.prefix");
    assertThat(errors(config)).containsOnlyKeys("topic.prefix");
  }

  @Test
  void namesAMalformedSetting() {
    assertError(Map.of("snapshot.mode", "sometimes"), "snapshot.mode", "must be one of initial");
    assertError(Map.of("plugin.name", "wal2json"), "plugin.name", "must be one of pgoutput");
    assertError(Map.of("message.key.columns", "public.t"), "message.key.columns", "schema.table:");
    assertError(Map.of("table.include.list", "public.(t"), "table.include.list", "no regular");
    assertError(Map.of("slot.name", "My-Slot"), "slot.name", "lower-case");
    assertError(Map.of("database.port", "x"), "database.port", "Not a number");
  }

  @Test
  void refusesIncludeAndExcludeTogether() {
    assertError(
        Map.of("table.include.list", "public.t", "table.exclude.list", "public.u"),
        "table.include.list",
        "cannot be set together");
    assertError(
        Map.of("schema.include.list", "public", "schema.exclude.list", "other"),
        "schema.include.list",
        "cannot be set together");
  }

  @Test
  void saysWhenTheServerCannotBeReached() throws Exception {
    assertError(Map.of("database.port", "1"), "database.hostname", "cannot reach", "database.port");
    taskFails(Map.of("database.port", "1", "errors.max.retries", "0"), "cannot reach");
  }

  @Test
  void saysWhenThePasswordIsWrong() throws Exception {
    Map<String, String> wrong = Map.of("database.password", "hunter2");
    Map<String, String> errors = errors(with(wrong));
    assertThat(errors).containsOnlyKeys("database.password");
    assertThat(errors.get("database.password"))
        .contains("refuses the password of user")
        .doesNotContain("hunter2");
    taskFails(wrong, "refuses the password of user");
  }

  @Test
  void saysWhenTheDatabaseDoesNotExist() throws Exception {
    Map<String, String> wrong = Map.of("database.dbname", "nowhere");
    assertError(wrong, "database.dbname", "has no database 'nowhere'");
    taskFails(wrong, "has no database 'nowhere'");
  }

  @Test
  void saysWhenWalLevelIsNotLogical() throws Exception {
    try (PostgresServer replica = PostgresServer.start(Map.of("wal_level", "replica"))) {
      Map<String, String> errors = errors(Servers.ownerConfig(replica));
      assertThat(errors.get("database.hostname"))
          .contains("wal_level is 'replica', must be 'logical'; set it and restart the server");
      taskFails(
          Map.of("database.port", Integer.toString(replica.port())), "wal_level is 'replica'");
    }
  }

  @Test
  void saysWhenTheUserMayNotReplicate() throws Exception {
    Map<String, String> plain =
        Map.of(
            "database.user", "plain",
            "database.password", "p",
            "publication.name", "ready",
            "snapshot.mode", "no_data",
            "table.include.list", "public.t");
    assertError(plain, "database.user", "user 'plain' has no REPLICATION right");
    taskFails(plain, "user 'plain' has no REPLICATION right");
  }

  @Test
  void saysWhenTheUserMayNotReadOrPublish() throws Exception {
    Map<String, String> capture =
        Map.of(
            "database.user", "capture",
            "database.password", "p",
            "publication.name", "ready",
            "table.include.list", "public.t");
    assertError(capture, "database.user", "user 'capture' may not read public.t");
    Map<String, String> noSnapshot =
        Map.of(
            "database.user", "capture",
            "database.password", "p",
            "snapshot.mode", "no_data",
            "table.include.list", "public.t");
    taskFails(noSnapshot, "may not create publication 'tributary'", "owning the tables");
  }

  @Test
  void saysWhenATableDoesNotExist() throws Exception {
    Map<String, String> wrong = Map.of("table.include.list", "public.t,public.nothing");
    assertError(wrong, "table.include.list", "has no table public.nothing");
    taskFails(wrong, "has no table public.nothing");
  }

  @Test
  void saysWhenThePublicationIsMissing() throws Exception {
    Map<String, String> wrong =
        Map.of("publication.name", "none", "publication.autocreate.mode", "disabled");
    assertError(wrong, "publication.name", "publication 'none' does not exist");
    taskFails(wrong, "publication 'none' does not exist");
  }

  @Test
  void saysWhatThePublicationDoesNotPublish() throws Exception {
    Servers.execute(
        server,
        "create table p1(id int primary key); create table p2(id int primary key);"
            + " create publication lacking for table p1;"
            + " create publication inserts for table p1, p2 with (publish = 'insert')");
    for (String mode : List.of("disabled", "all_tables")) {
      Map<String, String> lacking =
          Map.of(
              "publication.name", "lacking",
              "publication.autocreate.mode", mode,
              "table.include.list", "public.p1,public.p2");
      String cure = "ALTER PUBLICATION \"lacking\" ADD TABLE \"public\".\"p2\"";
      assertError(lacking, "publication.name", "does not publish public.p2", cure);
      taskFails(lacking, "does not publish public.p2", cure);
    }
    Map<String, String> inserts =
        Map.of("publication.name", "inserts", "table.include.list", "public.p1");
    String cure = "ALTER PUBLICATION \"inserts\" SET (publish = 'insert, update, delete";
    assertError(inserts, "publication.name", cure);
    taskFails(inserts, cure);
  }

  @Test
  void saysThatPartitionedTablesAreNotCapturedAsAWhole() throws Exception {
    Servers.execute(
        server,
        "create table parts(id int primary key) partition by range (id);"
            + " create table parts_1 partition of parts for values from (0) to (100);"
            + " create publication parts for table parts with (publish_via_partition_root = true)");
    Map<String, String> root = Map.of("table.include.list", "public.parts");
    assertError(root, "table.include.list", "public.parts is partitioned", "public.parts_.*");
    taskFails(root, "public.parts is partitioned");
    Map<String, String> viaRoot =
        Map.of("table.include.list", "public.parts_1", "publication.name", "parts");
    for (int start = 0; start < 2; start++) {
      taskFails(viaRoot, "does not publish public.parts_1", "publish_via_partition_root = false");
    }
  }

  @Test
  void makesAnEmptyPublicationAndSaysWhichTablesToAdd() throws Exception {
    Map<String, String> config =
        Map.of(
            "publication.autocreate.mode", "no_tables",
            "publication.name", "empty",
            "table.include.list", "public.t");
    taskFails(config, "'empty' does not publish public.t", "ALTER PUBLICATION \"empty\" ADD TABLE");
    Servers.execute(server, "alter publication empty add table t");
    String[] settings =
        config.entrySet().stream()
            .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
            .toArray(String[]::new);
    assertThat(errors(Servers.ownerConfig(server, settings))).isEmpty();
  }

  @Test
  void tellsWhichTablesTheServerWouldNotUpdateOncePublished() throws Exception {
    Servers.execute(
        server,
        "create table id_key(id int primary key); create table id_none(id int unique);"
            + "create table id_full(id int); alter table id_full replica identity full;"
            + "create table id_index(id int not null unique);"
            + "alter table id_index replica identity using index id_index_id_key;"
            + "create table id_nothing(id int primary key); alter table id_nothing replica identity nothing;"
            + "create table id_root(id int) partition by range (id);"
            + "create table id_leaf partition of id_root for values from (0) to (10)");
    try (Connection connection = Servers.connect(server)) {
      assertThat(withoutIdentity(connection, "id_key", "id_full", "id_index")).isEmpty();
      assertThat(withoutIdentity(connection, "id_key", "id_none", "id_nothing", "id_root"))
          .hasValueSatisfying(
              text ->
                  assertThat(text)
                      .contains(
                          "DELETE of public.id_leaf, public.id_none, public.id_nothing while"));
    }
  }

  private static Optional<String> withoutIdentity(Connection connection, String... tables)
      throws Exception {
    Map<String, String> config =
        Servers.ownerConfig(
            server,
            "publish.via.partition.root",
            "true",
            "table.include.list",
            Arrays.stream(tables).map(table -> "public." + table).collect(Collectors.joining(",")));
    return new TableChecks(new PgSourceConfig(config), connection).withoutIdentity();
  }

  @Test
  void saysWhenRowSecurityHidesRows() throws Exception {
    Servers.execute(
        server,
        "create table secured(id int primary key); alter table secured enable row level security;"
            + " create policy own on secured using (id = 0);"
            + " grant select on secured to capture; create publication secured for table secured");
    Map<String, String> config =
        Map.of(
            "database.user", "capture",
            "database.password", "p",
            "publication.name", "secured",
            "table.include.list", "public.secured");
    assertError(config, "database.user", "may not see all rows of public.secured", "BYPASSRLS");
    taskFails(config, "may not see all rows of public.secured");
  }

  @Test
  void saysWhenAllSlotsAreTaken() throws Exception {
    try (PostgresServer full = PostgresServer.start(Map.of("max_replication_slots", "1"))) {
      Servers.execute(
          full,
          "create table t(id int primary key); select pg_create_physical_replication_slot('a')");
      taskFails(
          Map.of("database.port", Integer.toString(full.port()), "table.include.list", "public.t"),
          "replication slots",
          "max_replication_slots");
    }
  }

  @Test
  void saysWhenTheSlotIsPhysical() throws Exception {
    Servers.execute(server, "select pg_create_physical_replication_slot('physical')");
    Map<String, String> wrong = Map.of("slot.name", "physical", "table.include.list", "public.t");
    assertError(wrong, "slot.name", "slot 'physical' is a physical slot");
  }

  @Test
  void refusesAHostNameThatIsAUrl() {
    for (String host :
        List.of("a/b", "a?b", "a&b", "a#b", "a@b", "a b", "a,,b", "a:b", "a:0", "a:70000")) {
      assertError(Map.of("database.hostname", host), "database.hostname", "must be host names");
    }
  }

  @Test
  void connectsToADatabaseOfAnyName() throws Exception {
    Servers.execute(server, "create database \"odd/db?user=x&y#%41\"");
    assertThat(errors(with(Map.of("database.dbname", "odd/db?user=x&y#%41")))).isEmpty();
  }

  @Test
  void namesThePidThatHoldsTheSlot() throws Exception {
    Map<String, String> config =
        with(
            Map.of("table.include.list", "public.t", "slot.name", "held", "publication.name", "h"));
    try (TaskRunner first =
        new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
      // not the session that creates the slot, which lets go of it again
      String holder =
          "select active_pid from pg_replication_slots s join pg_stat_replication r"
              + " on r.pid = s.active_pid where slot_name = 'held' and r.state <> 'startup'";
      dev.tributary.stack.Await.until(
          "the first to stream",
          Duration.ofSeconds(30),
          () -> first.poll() != null && Servers.single(server, holder) != null);
      taskFails(
          Map.of("slot.name", "held", "publication.name", "h", "slot.max.retries", "0"),
          "slot 'held' is in use by the session with pid " + Servers.single(server, holder));
    }
  }

  @Test
  void namesAKeyColumnThatTheTableHasNot() throws Exception {
    Servers.execute(server, "create table k(id int primary key); insert into k values (1)");
    taskFails(
        Map.of(
            "slot.name", "keyed",
            "publication.name", "keyed",
            "table.include.list", "public.k",
            "message.key.columns", "public.k:user_id"),
        "message.key.columns names column user_id of table public.k");
  }

  @Test
  void saysWhatIsNoTableThatCanBeCaptured() throws Exception {
    Servers.execute(
        server,
        "create view seen as select 1 as a; create materialized view kept as select 1 as a;"
            + " create unlogged table light(a int primary key)");
    for (String relation :
        List.of("seen is a view", "kept is a materialized view", "light is an unlogged table")) {
      String name = "public." + relation.split(" ", 2)[0];
      Map<String, String> config = Map.of("table.include.list", name + ",public.t");
      assertError(config, "table.include.list", "public." + relation, "cannot be captured");
      taskFails(config, "public." + relation);
    }
  }

  @Test
  void namesColumnsThatWouldBeOneField() throws Exception {
    Servers.execute(
        server,
        "create table twins(id int primary key, \"a-b\" int, a_b int);"
            + " insert into twins values (1, 2, 3)");
    taskFails(
        Map.of(
            "slot.name", "twins",
            "publication.name", "twins",
            "table.include.list", "public.twins",
            "field.name.adjustment.mode", "avro"),
        "columns of table public.twins would both be the field a_b");
  }

  @Test
  void namesTheKeyThatOthersAsk() {
    assertError(
        Map.of("snapshot.select.statement.overrides", "public.t", "table.include.list", "public.t"),
        "snapshot.select.statement.overrides",
        "lists public.t, but there is no SELECT under"
            + " snapshot.select.statement.overrides.public.t");
    assertError(
        Map.of("signal.kafka.topic", "signals"),
        "signal.kafka.bootstrap.servers",
        "must be set where signal.kafka.topic is");
  }

  private static Map<String, String> with(Map<String, String> settings) {
    Map<String, String> config = Servers.ownerConfig(server);
    config.putAll(settings);
    return config;
  }

  private static void assertError(Map<String, String> settings, String key, String... parts) {
    Map<String, String> errors = errors(with(settings));
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).contains(parts);
  }

  private static Map<String, String> errors(Map<String, String> config) {
    List<ConfigValue> values = new PgLogicalSourceConnector().validate(config).configValues();
    return values.stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .collect(
            Collectors.toMap(ConfigValue::name, value -> String.join("; ", value.errorMessages())));
  }

  private static void taskFails(Map<String, String> settings, String... parts) throws Exception {
    try (TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, with(settings), new TaskRunner.Store())) {
      assertThatThrownBy(() -> runner.pollUntil(Duration.ofSeconds(30), records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(parts);
    }
  }
}
