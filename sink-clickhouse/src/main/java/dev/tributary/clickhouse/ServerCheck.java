package dev.tributary.clickhouse;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.ExtraFields;
import dev.tributary.clickhouse.config.InsertMode;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.table.Window;
import dev.tributary.clickhouse.types.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server whether it lets the user in, has the databases, and has tables that the settings
 * go with.
 */
final class ServerCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ClickHouse server;
  private final SinkConfig config;
  private final List<Problem> problems = new ArrayList<>();

  private ServerCheck(ClickHouse server, SinkConfig config) {
    this.server = server;
    this.config = config;
  }

  /** A setting that does not go with the server, and why. */
  record Problem(String key, String message) {}

  /**
   * What does not go; nothing also where the server cannot be reached, as it may be later.
   *
   * @param topics those that are known by name
   */
  static List<Problem> run(SinkConfig config, List<String> topics) {
    try (ClickHouse server = new ClickHouse(config, PATIENCE)) {
      return ask(server, config, topics);
    } catch (RuntimeException e) {
      if (Faults.classify(e) == Fault.RETRY) {
        LOG.warn(
            "ClickHouse at {} cannot be reached to check the settings: {}",
            config.address(),
            Faults.describe(e));
        return List.of();
      }
      throw e;
    }
  }

  /** As {@link #run}, over a connection that is there; an unreachable server throws. */
  static List<Problem> ask(ClickHouse server, SinkConfig config, List<String> topics) {
    ServerCheck check = new ServerCheck(server, config);
    check.letsIn();
    if (check.problems.isEmpty()) {
      check.settings();
      check.targets(topics);
    }
    return check.problems;
  }

  private void problem(String key, String message) {
    problems.add(new Problem(key, message));
  }

  private void letsIn() {
    try {
      if (config.tableNames().oneDatabase()) {
        hasDatabase(config.defaultDatabase());
      } else {
        server.query("SELECT 1 AS one");
      }
    } catch (RuntimeException e) {
      if (Faults.tls(e).isPresent()) {
        // a server that is away may come back; this will not get better by itself
        problem(SinkConfig.SSL, noTls(Faults.tls(e).get()));
      } else if (config.proxied() && Faults.misconfiguration(e).isPresent()) {
        problem(
            SinkConfig.PROXY_HOST,
            "The proxy at "
                + config.text(SinkConfig.PROXY_HOST).orElse("")
                + ":"
                + config.proxyPort()
                + " does not let requests through to "
                + config.address()
                + " ("
                + Faults.misconfiguration(e).get()
                + "); look at 'proxy.username' and 'proxy.password'");
      } else if (Faults.isAuthentication(e)) {
        problem(
            config.accessToken().isPresent() ? SinkConfig.ACCESS_TOKEN : SinkConfig.PASSWORD,
            "ClickHouse at "
                + config.address()
                + " refuses user '"
                + config.username()
                + "': wrong user name or password; set 'username' and 'password', or 'access.token'");
      } else if (Faults.code(e) == Faults.UNKNOWN_DATABASE) {
        noDatabase(config.defaultDatabase());
      } else if (Faults.classify(e) == Fault.RETRY) {
        throw e;
      } else {
        problem(
            SinkConfig.HOSTNAME,
            config.address()
                + " does not answer as ClickHouse's HTTP interface does: "
                + Faults.describe(e));
      }
    }
  }

  private String noTls(String reason) {
    return "ClickHouse at "
        + config.address()
        + " cannot be spoken to over TLS ("
        + reason
        + "); name the authority that signed its certificate in 'ssl.ca.certificate' or"
        + " 'ssl.truststore.location', show it the certificate that it asks for"
        + " ('ssl.client.certificate'), or, where 'port' is one without TLS, set 'ssl' to false";
  }

  private boolean hasDatabase(String database) {
    boolean there =
        !server
            .query("SELECT name FROM system.databases WHERE name = " + Sql.literal(database))
            .isEmpty();
    if (!there) {
      noDatabase(database);
    }
    return there;
  }

  private void noDatabase(String database) {
    problem(
        SinkConfig.DATABASE,
        "Database '"
            + database
            + "' does not exist, or user '"
            + config.username()
            + "' may not see it; create it or set 'database'");
  }

  private void settings() {
    Set<String> own = new TreeSet<>(config.serverSettings().keySet());
    own.retainAll(ClickHouse.OWN_SETTINGS.keySet());
    if (!own.isEmpty()) {
      LOG.warn(
          "{} in '{}' have no effect on inserts: an insert is one block, and its answer means that"
              + " its rows are in the table",
          own,
          SinkConfig.CLICKHOUSE_SETTINGS);
    }
    if (config.serverSettings().entrySet().stream().anyMatch(Window.NOT_HEEDED_BY::contains)) {
      LOG.warn(
          "'{}' switches deduplication off: no materialized view that fails gets its rows later",
          SinkConfig.CLICKHOUSE_SETTINGS);
    }
  }

  private void targets(List<String> topics) {
    Tables tables = new Tables(server, config);
    topics.stream()
        .map(topic -> config.tableNames().of(topic))
        .distinct()
        .filter(name -> config.tableNames().oneDatabase() || hasDatabase(name.database()))
        .forEach(name -> target(tables, name));
    boolean reads = config.insertGuard() && config.insertMode() != InsertMode.MIRROR;
    if (reads && !granted("SELECT ON system.processes")) {
      LOG.warn(
          "User '{}' may not read system.processes: inserts will not be guarded (see insert.guard)",
          config.username());
    }
  }

  private void target(Tables tables, TableName name) {
    Optional<Table> table = tables.find(name);
    if (table.isEmpty()) {
      missing(name);
      return;
    }
    if (!granted("INSERT, SELECT ON " + name.sql())) {
      problem(
          SinkConfig.USERNAME,
          "User '"
              + config.username()
              + "' may not insert into and select from "
              + name.sql()
              + "; GRANT INSERT, SELECT ON it");
    }
    boolean versioned = table.get().hasVersion() && table.get().hasDeleted();
    if (config.insertMode() == InsertMode.MIRROR && !versioned) {
      problem(
          SinkConfig.INSERT_MODE,
          "Table "
              + name.sql()
              + " has no columns _version UInt64 and _deleted UInt8, which a mirror needs; add them"
              + " (engine ReplacingMergeTree(_version, _deleted)), or set 'append'");
    } else if (config.insertMode() == InsertMode.MIRROR && keepsEveryVersion(table.get())) {
      problem(
          SinkConfig.INSERT_MODE,
          "Table "
              + name.sql()
              + " is of engine "
              + table.get().layout().engine()
              + ", in which rows do not replace each other; make it one of"
              + " ReplacingMergeTree(_version, _deleted), or set 'append'");
    }
    if (config.extraFields() == ExtraFields.JSON
        && table.get().columnOf(config.extraColumn()).isEmpty()) {
      problem(
          SinkConfig.EXTRA_COLUMN,
          "Table "
              + name.sql()
              + " has no column '"
              + config.extraColumn()
              + "'; add it, of type JSON or String");
    }
    if (!table.get().hasVersion()) {
      tables.tellOfDelivery(table.get());
    }
  }

  /** Tables that pass their rows on, such as Distributed, may do so to ones that replace them. */
  private static boolean keepsEveryVersion(Table table) {
    return table.insertsInBlocks() && !table.layout().engine().contains("Replacing");
  }

  private void missing(TableName name) {
    if (!config.autoCreate() && !config.skipMissingTables()) {
      problem(
          SinkConfig.AUTO_CREATE,
          "Table " + name.sql() + " does not exist; create it, or set 'auto.create' to true");
    } else if (config.autoCreate() && !granted("CREATE TABLE ON " + name.sql())) {
      problem(
          SinkConfig.USERNAME,
          "User '"
              + config.username()
              + "' may not create table "
              + name.sql()
              + ", which does not exist; GRANT CREATE TABLE ON it, or create the table");
    }
  }

  /** Whether the user has rights; also where the server is too old to be asked. */
  private boolean granted(String rights) {
    try {
      List<GenericRecord> answer = server.query("CHECK GRANT " + rights);
      return answer.isEmpty() || answer.get(0).getLong("result") != 0;
    } catch (RuntimeException e) {
      if (Faults.classify(e) == Fault.RETRY) {
        throw e;
      }
      return true;
    }
  }

  /** The failure that a problem is to a task. */
  static ConnectException failure(Problem problem) {
    return new ConnectException(problem.message());
  }
}
