package dev.tributary.clickhouse;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.types.Sql;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the server whether it lets the user in and has the database. */
final class ServerCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private ServerCheck() {}

  /** A setting that the server refuses, and why. */
  record Problem(String key, String message) {}

  /** The first problem; empty also where the server cannot be reached, as it may be later. */
  static Optional<Problem> run(SinkConfig config) {
    try (ClickHouse server = new ClickHouse(config, PATIENCE)) {
      return ask(server, config);
    } catch (RuntimeException e) {
      if (Faults.classify(e) == Fault.RETRY) {
        LOG.warn(
            "ClickHouse at {}:{} cannot be reached to check the settings: {}",
            config.hostname(),
            config.port(),
            Faults.describe(e));
        return Optional.empty();
      }
      throw e;
    }
  }

  /** As {@link #run}, over a connection that is there; an unreachable server throws. */
  static Optional<Problem> ask(ClickHouse server, SinkConfig config) {
    try {
      boolean there =
          !server
              .query(
                  "SELECT name FROM system.databases WHERE name = "
                      + Sql.literal(config.database()))
              .isEmpty();
      return there ? Optional.empty() : Optional.of(noDatabase(config));
    } catch (RuntimeException e) {
      int code = Faults.code(e);
      if (Faults.isAuthentication(code)) {
        return Optional.of(
            new Problem(
                SinkConfig.PASSWORD,
                "ClickHouse at "
                    + config.hostname()
                    + ":"
                    + config.port()
                    + " refuses user '"
                    + config.username()
                    + "': wrong user name or password; set 'username' and 'password'"));
      }
      if (code == Faults.UNKNOWN_DATABASE) {
        return Optional.of(noDatabase(config));
      }
      if (Faults.classify(e) == Fault.RETRY) {
        throw e;
      }
      return Optional.of(
          new Problem(
              SinkConfig.HOSTNAME,
              config.hostname()
                  + ":"
                  + config.port()
                  + " does not answer as ClickHouse's HTTP interface does: "
                  + Faults.describe(e)));
    }
  }

  private static Problem noDatabase(SinkConfig config) {
    return new Problem(
        SinkConfig.DATABASE,
        "Database '"
            + config.database()
            + "' does not exist, or user '"
            + config.username()
            + "' may not see it; create it or set 'database'");
  }

  /** The failure that a problem is to a task. */
  static ConnectException failure(Problem problem) {
    return new ConnectException(problem.message());
  }
}
