package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that lets {@code sealed} in by TLS and SCRAM only, and {@code certified} by a client's
 * certificate. Its own certificate is for {@code localhost}.
 */
class TlsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PASSWORD = "correct horse";
  private static final String HBA =
      """
      host      all  postgres   all  scram-sha-256
      hostssl   all  sealed     all  scram-sha-256
      hostssl   all  certified  all  cert
      hostssl   all  other      all  cert
      """;

  @TempDir static Path folder;
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    Certificates authority = new Certificates(folder, "authority");
    Certificates.Signed ours = authority.sign("localhost", "san=dns:localhost");
    Certificates.Signed client = authority.sign("certified", "san=dns:client");
    Certificates.Signed stranger =
        new Certificates(folder, "elsewhere").sign("stranger", "san=dns:client");
    write("root.crt", authority.root());
    write("other.crt", new Certificates(folder, "another").root());
    write("client.crt", client.certificate());
    write("client.pk8", client.key());
    write("stranger.crt", stranger.certificate());
    write("stranger.pk8", stranger.key());
    Files.write(folder.resolve("open.pk8"), client.key());
    server =
        PostgresServer.embedded(
            Map.of(
                "ssl", "on",
                "ssl_cert_file", "${directory}/server.crt",
                "ssl_key_file", "${directory}/server.key",
                "ssl_ca_file", "${directory}/root.crt",
                "hba_file", "${directory}/pg_hba.conf",
                "password_encryption", "scram-sha-256"),
            Map.of(
                "server.crt", ours.certificate(),
                "server.key", ours.keyInPem(),
                "root.crt", authority.root(),
                "pg_hba.conf", HBA));
    Servers.execute(
        server,
        "create role sealed login replication password '"
            + PASSWORD
            + "'; create role certified login replication;"
            + " create table t(id int primary key); insert into t values (1);"
            + " grant select on t to sealed, certified; create publication tls for table t");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void write(String name, String content) throws Exception {
    Files.writeString(folder.resolve(name), content);
  }

  /** For its owner alone, as pgjdbc asks. */
  private static void write(String name, byte[] key) throws Exception {
    Path file = Files.write(folder.resolve(name), key);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "database.sslmode=prefer",
        "database.sslmode=require",
        "database.sslmode=verify-ca database.sslrootcert=root.crt",
        "database.sslmode=verify-full database.sslrootcert=root.crt database.hostname=localhost"
      })
  void encryptsEverySession(String settings) throws Exception {
    assertStreams(config("sealed", settings));
  }

  @Test
  void showsItsOwnCertificate() throws Exception {
    Map<String, String> config =
        config(
            "certified",
            "database.sslmode=verify-ca database.sslrootcert=root.crt"
                + " database.sslcert=client.crt database.sslkey=client.pk8");
    config.remove("database.password");
    assertStreams(config);
  }

  private static void assertStreams(Map<String, String> config) throws Exception {
    assertThat(errors(config)).isEmpty();
    try (TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
      assertThat(runner.pollUntil(PATIENCE, all -> !all.isEmpty()))
          .extracting(SourceRecord::topic)
          .contains("shop.public.t");
      Await.until(
          "the stream",
          PATIENCE,
          () -> {
            runner.poll();
            return "1".equals(Servers.single(server, sessions("backend_type = 'walsender'")));
          });
      assertThat(Servers.single(server, sessions("not ssl"))).isEqualTo("0");
    }
    Await.until(
        "the slot to be free",
        PATIENCE,
        () ->
            "0"
                .equals(
                    Servers.single(
                        server, "select count(*) from pg_replication_slots where active")));
    Servers.execute(server, "select pg_drop_replication_slot('tributary')");
  }

  private static String sessions(String which) {
    return "select count(*) from pg_stat_activity join pg_stat_ssl using (pid)"
        + " where application_name like 'Tributary%' and "
        + which;
  }

  @Test
  void saysThatTheServerWantsTls() throws Exception {
    assertRefused(
        "sealed", "database.sslmode=disable", "database.sslmode", "only with TLS", "require");
  }

  @Test
  void saysThatTheServerHasNoTls() throws Exception {
    try (PostgresServer plain = PostgresServer.start()) {
      Map<String, String> config = Servers.ownerConfig(plain, "database.sslmode", "require");
      assertThat(errors(config)).containsOnlyKeys("database.sslmode");
      assertThat(errors(config).get("database.sslmode")).contains("does not support SSL");
      assertTaskFails(config, "does not support SSL");
    }
  }

  @Test
  void saysThatTheRootCertificateIsAnothers() throws Exception {
    assertRefused(
        "sealed",
        "database.sslmode=verify-ca database.sslrootcert=other.crt",
        "database.sslrootcert",
        "none of the authorities");
  }

  @Test
  void saysThatAFileIsNotThere() throws Exception {
    assertRefused(
        "sealed",
        "database.sslmode=verify-ca database.sslrootcert=missing.crt",
        "database.sslrootcert",
        "missing.crt");
    assertRefused(
        "certified",
        "database.sslmode=require database.sslcert=missing.crt database.sslkey=client.pk8",
        "database.sslcert",
        "missing.crt");
    assertRefused(
        "certified",
        "database.sslmode=require database.sslcert=client.crt database.sslkey=missing.pk8",
        "database.sslkey",
        "missing.pk8");
    assertRefused(
        "certified",
        "database.sslmode=require database.sslcert=client.crt database.sslkey=open.pk8",
        "database.sslkey",
        "open.pk8");
  }

  @Test
  void saysThatTheHostNameIsAnother() throws Exception {
    assertRefused(
        "sealed",
        "database.sslmode=verify-full database.sslrootcert=root.crt database.hostname=127.0.0.1",
        "database.hostname",
        "127.0.0.1");
  }

  @Test
  void saysThatTheServerWantsACertificate() throws Exception {
    assertRefused(
        "certified", "database.sslmode=require", "database.sslcert", "client certificate");
  }

  @Test
  void saysThatTheServerDoesNotKnowTheCertificate() throws Exception {
    Map<String, String> config =
        config(
            "certified",
            "database.sslmode=require database.sslcert=stranger.crt database.sslkey=stranger.pk8");
    // the server may close the connection before what it says of it is read
    Await.until("word of it", PATIENCE, () -> errors(config).containsKey("database.sslcert"));
    assertTaskFails(config, "client certificate");
  }

  @Test
  void saysThatTheCertificateIsAnotherUsers() throws Exception {
    Servers.execute(server, "create role other login replication");
    assertRefused(
        "other",
        "database.sslmode=require database.sslcert=client.crt database.sslkey=client.pk8",
        "database.sslcert",
        "user 'other'");
  }

  @Test
  void saysThatThePasswordIsWrong() throws Exception {
    assertRefused(
        "sealed",
        "database.sslmode=require database.password=wrong",
        "database.password",
        "refuses the password");
  }

  @Test
  void saysThatAPasswordIsMissing() throws Exception {
    assertRefused(
        "sealed", "database.sslmode=require database.password=", "database.password", "asks for");
  }

  private static void assertRefused(String user, String settings, String key, String... parts)
      throws Exception {
    Map<String, String> config = config(user, settings);
    Map<String, String> errors = errors(config);
    assertThat(errors).as(settings).containsOnlyKeys(key);
    assertThat(errors.get(key)).contains(parts).contains(key).doesNotContain(PASSWORD);
    assertTaskFails(config, parts);
  }

  /** At once, not when it has tried for long. */
  private static void assertTaskFails(Map<String, String> config, String... parts)
      throws Exception {
    try (TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
      assertThatThrownBy(() -> runner.pollUntil(Duration.ofSeconds(30), records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(parts);
    }
  }

  private static Map<String, String> errors(Map<String, String> config) {
    return new PgLogicalSourceConnector()
        .validate(config).configValues().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .collect(
                Collectors.toMap(
                    ConfigValue::name, value -> String.join("; ", value.errorMessages())));
  }

  private static Map<String, String> config(String user, String settings) {
    Map<String, String> config = new HashMap<>(Servers.ownerConfig(server));
    config.put("database.user", user);
    config.put("database.password", PASSWORD);
    config.put("table.include.list", "public.t");
    config.put("publication.name", "tls");
    config.put("publication.autocreate.mode", "disabled");
    for (String setting : settings.split(" ", -1)) {
      String key = setting.substring(0, setting.indexOf('='));
      String value = setting.substring(key.length() + 1);
      boolean file = value.endsWith(".crt") || value.endsWith(".pk8");
      config.put(key, file ? folder.resolve(value).toString() : value);
    }
    return config;
  }
}
