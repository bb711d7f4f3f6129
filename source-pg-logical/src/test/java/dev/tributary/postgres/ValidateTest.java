package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code validate} offers and finds; {@link BadInputTest} has the plain mistakes. */
class ValidateTest {
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    Servers.execute(
        server,
        "create schema shop; create table shop.orders(id int primary key, total int);"
            + " create table public.users(id int primary key);"
            + " create table \"x,y(z)\"(id int primary key);"
            + " create publication ready for table users; create role reader login replication"
            + " password 'p'; grant select on users to reader");
    Servers.execute(server, "create database other");
    Servers.execute(server, "select pg_create_logical_replication_slot('spare', 'pgoutput')");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void offersWhatTheDatabaseHas() {
    assertOffers(Servers.ownerConfig(server, "table.include.list", "public.users"));
  }

  @Test
  void offersItToAConfigThatIsNotCompleteYet() {
    Map<String, String> config = Servers.ownerConfig(server, "snapshot.mode", "sometimes");
    config.remove("topic.prefix");
    assertOffers(config);
  }

  private static void assertOffers(Map<String, String> config) {
    Map<String, ConfigValue> values = values(config);
    for (String key : List.of("table.include.list", "table.exclude.list")) {
      assertThat(values.get(key).recommendedValues())
          .contains("public.users", "shop.orders", "public.x\\,y\\(z\\)");
    }
    for (String key : List.of("schema.include.list", "schema.exclude.list")) {
      assertThat(values.get(key).recommendedValues()).containsExactly("public", "shop");
    }
    for (String key : List.of("column.include.list", "column.exclude.list")) {
      assertThat(values.get(key).recommendedValues()).contains("public.users.id");
    }
    for (String key :
        List.of("snapshot.include.collection.list", "snapshot.select.statement.overrides")) {
      assertThat(values.get(key).recommendedValues()).contains("public.users");
    }
    assertThat(values.get("database.dbname").recommendedValues()).contains("postgres", "other");
    assertThat(values.get("publication.name").recommendedValues()).contains("ready");
    assertThat(values.get("slot.name").recommendedValues()).contains("spare");
  }

  @Test
  void takesWhatItOffers() {
    for (Object table :
        values(Servers.ownerConfig(server)).get("table.include.list").recommendedValues()) {
      assertThat(
              errors(
                  Servers.ownerConfig(
                      server, "table.include.list", table.toString(), "slot.name", "fresh")))
          .isEmpty();
    }
  }

  @Test
  void offersColumnsOfTheCapturedTablesAlone() {
    Map<String, ConfigValue> values =
        values(Servers.ownerConfig(server, "table.include.list", "shop.*"));
    assertThat(values.get("column.include.list").recommendedValues())
        .containsExactly("shop.orders.id", "shop.orders.total");
    assertThat(values.get("snapshot.include.collection.list").recommendedValues())
        .containsExactly("shop.orders");
  }

  @Test
  void offersTheChoicesOfEveryKeyThatHasSome() {
    Map<String, ConfigValue> values = values(Map.of());
    for (ConfigDef.ConfigKey key : new PgLogicalSourceConnector().config().configKeys().values()) {
      boolean chosen = String.valueOf(key.validator).startsWith("one of ");
      if (chosen || key.type == ConfigDef.Type.BOOLEAN) {
        assertThat(values.get(key.name).recommendedValues()).as(key.name).isNotEmpty();
      }
    }
    assertThat(values.get("skipped.operations").recommendedValues()).contains("t", "none");
  }

  @Test
  @Timeout(60)
  void doesNotHangOnAServerThatDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Map<String, String> config =
          Servers.ownerConfig(server, "database.port", Integer.toString(silent.getLocalPort()));
      config.put("database.hostname", silent.getInetAddress().getHostAddress());
      assertThat(errors(config)).containsOnlyKeys("database.hostname");
    }
  }

  @Test
  void saysThatTheUserMayNotMakeThePublication() {
    Map<String, String> config =
        Servers.ownerConfig(
            server, "database.user", "reader", "database.password", "p", "slot.name", "fresh");
    config.put("table.include.list", "public.users");
    assertThat(errors(config)).containsOnlyKeys("publication.autocreate.mode");
    assertThat(errors(config).get("publication.autocreate.mode"))
        .contains("may not create publication 'tributary'", "owning the tables");
    config.put("publication.name", "ready");
    assertThat(errors(config)).isEmpty();
    config.put("publication.name", "all");
    config.put("publication.autocreate.mode", "all_tables");
    assertThat(errors(config).get("publication.autocreate.mode")).contains("being a superuser");
  }

  @Test
  void saysThatAnotherProgramReadsFromTheSlot() throws Exception {
    Map<String, String> config =
        Servers.ownerConfig(server, "table.include.list", "public.users", "slot.name", "taken");
    config.put("publication.name", "ready");
    try (TaskRunner ours =
        new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
      awaitHolder(ours);
      assertThat(errors(config)).as("the config of a connector that runs").isEmpty();
    }
    config.put("slot.name", "theirs");
    config.put("plugin.name", "pgoutput");
    config.put("name", "theirs");
    config.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    try (TaskRunner theirs =
        new TaskRunner(
            io.debezium.connector.postgresql.PostgresConnector.class,
            config,
            new TaskRunner.Store())) {
      awaitHolder(theirs);
      assertThat(errors(config).get("slot.name"))
          .contains("in use by the session with pid", "'Debezium");
    }
  }

  private static void awaitHolder(TaskRunner runner) {
    Await.until(
        "the slot to be held",
        Duration.ofMinutes(1),
        () ->
            runner.poll() != null
                && !"0"
                    .equals(
                        Servers.single(
                            server,
                            "select count(*) from pg_replication_slots where active and not"
                                + " temporary")));
  }

  private static Map<String, ConfigValue> values(Map<String, String> config) {
    return new PgLogicalSourceConnector()
        .validate(config).configValues().stream()
            .collect(Collectors.toMap(ConfigValue::name, Function.identity()));
  }

  private static Map<String, String> errors(Map<String, String> config) {
    return values(config).values().stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .collect(
            Collectors.toMap(ConfigValue::name, value -> String.join("; ", value.errorMessages())));
  }
}
