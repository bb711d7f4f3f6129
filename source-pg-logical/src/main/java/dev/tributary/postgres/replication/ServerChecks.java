package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.config.ConnectionKeys;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.ReplicationKeys;
import dev.tributary.postgres.config.SnapshotMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server must be like for the connector to work. */
public final class ServerChecks {
  private static final Logger log = LoggerFactory.getLogger(ServerChecks.class);

  private static final String MAY_REPLICATE =
      """
      select bool_or(r.rolreplication or r.rolsuper)
      from pg_catalog.pg_roles r
      where r.rolname = current_user
         or (r.rolname in ('rds_replication', 'cloudsqlsuperuser', 'azure_pg_admin')
             and pg_catalog.pg_has_role(current_user, r.oid, 'member'))
      """;

  /** The first version that tells whether a slot has lost its log. */
  private static final int OLDEST = 13;

  private final PgSourceConfig config;

  public ServerChecks(PgSourceConfig config) {
    this.config = config;
  }

  /**
   * What a look at the server gives.
   *
   * @param problems everything that is wrong
   * @param recommended what the server has that settings can name, by key
   */
  public record Findings(List<Problem> problems, Map<String, List<Object>> recommended) {
    public Findings {
      problems = List.copyOf(problems);
      recommended = Map.copyOf(recommended);
    }
  }

  /** Connects and looks. */
  public Findings probe() {
    try (Connection connection = new Sessions(config.connection()).sql()) {
      return new Findings(problems(connection), recommended(connection));
    } catch (SQLException e) {
      return new Findings(List.of(PgErrors.connecting(e, config.connection())), Map.of());
    }
  }

  /** Connects and looks what settings can name; empty if the server cannot be reached. */
  public Map<String, List<Object>> recommended() {
    try (Connection connection = new Sessions(config.connection()).sql()) {
      return recommended(connection);
    } catch (SQLException e) {
      log.debug("No recommendations, since the server cannot be reached", e);
      return Map.of();
    }
  }

  private Map<String, List<Object>> recommended(Connection connection) {
    try {
      return Recommendations.of(connection, config.tables());
    } catch (SQLException e) {
      log.debug("No recommendations", e);
      return Map.of();
    }
  }

  private List<Problem> problems(Connection connection) {
    try {
      List<Problem> problems = new ArrayList<>(server(connection));
      if (!problems.isEmpty() && tooOld(connection).isPresent()) {
        return problems;
      }
      TableChecks tables = new TableChecks(config, connection);
      Optional<Problem> contradiction = tables.contradiction();
      if (contradiction.isPresent()) { // of which the others may follow
        problems.add(contradiction.get());
        return problems;
      }
      tables.missing().ifPresent(problems::add);
      if (config.snapshotMode() != SnapshotMode.NO_DATA) {
        tables.unreadable().ifPresent(problems::add);
      }
      Publications.check(connection, config, tables.captured()).ifPresent(problems::add);
      PublicationRights.missing(
              connection, config.publication(), config.publicationMode(), tables.captured())
          .ifPresent(problems::add);
      heldByAnother(connection).ifPresent(problems::add);
      return problems;
    } catch (SQLException e) {
      return List.of(PgErrors.refused(e, config));
    }
  }

  /**
   * Looks at what streaming needs; reports everything that is wrong.
   *
   * @param connection for SQL
   */
  public List<Problem> server(Connection connection) throws SQLException {
    Optional<Problem> tooOld = tooOld(connection);
    if (tooOld.isPresent()) {
      return List.of(tooOld.get());
    }
    List<Problem> problems = new ArrayList<>();
    walLevel(connection).ifPresent(problems::add);
    mayReplicate(connection).ifPresent(problems::add);
    Slots.find(connection, config.slot()).flatMap(this::unfit).ifPresent(problems::add);
    return problems;
  }

  private static Optional<Problem> tooOld(Connection connection) throws SQLException {
    java.sql.DatabaseMetaData server = connection.getMetaData();
    return server.getDatabaseMajorVersion() >= OLDEST
        ? Optional.empty()
        : Optional.of(
            new Problem(
                ConnectionKeys.HOSTNAME,
                "the server is PostgreSQL "
                    + server.getDatabaseProductVersion()
                    + "; the connector needs "
                    + OLDEST
                    + " or later"));
  }

  private Optional<Problem> walLevel(Connection connection) throws SQLException {
    String level = single(connection, "show wal_level");
    return level.equals("logical")
        ? Optional.empty()
        : Optional.of(
            new Problem(
                ConnectionKeys.HOSTNAME,
                "wal_level is '"
                    + level
                    + "', must be 'logical'; set it and restart the server (ALTER SYSTEM SET wal_level = 'logical')"));
  }

  private Optional<Problem> mayReplicate(Connection connection) throws SQLException {
    String user = config.connection().user();
    return "t".equals(single(connection, MAY_REPLICATE))
        ? Optional.empty()
        : Optional.of(
            new Problem(
                ConnectionKeys.USER,
                "user '"
                    + user
                    + "' has no REPLICATION right, without which no changes can be streamed; grant it: ALTER ROLE "
                    + Identifiers.quote(user)
                    + " REPLICATION"));
  }

  /** What is wrong with a slot that is there, whatever was streamed from it. */
  private Optional<Problem> unfit(SlotInfo slot) {
    String database = config.connection().database();
    if (slot.plugin() == null) {
      return Optional.of(
          new Problem(
              ReplicationKeys.SLOT_NAME,
              "slot '"
                  + slot.name()
                  + "' is a physical slot, not a logical one; set another slot.name or drop it"));
    }
    if (!"pgoutput".equals(slot.plugin())) {
      return Optional.of(
          new Problem(
              ReplicationKeys.SLOT_NAME,
              "slot '"
                  + slot.name()
                  + "' is of plugin '"
                  + slot.plugin()
                  + "', not pgoutput; set another slot.name or drop it"));
    }
    return database.equals(slot.database())
        ? Optional.empty()
        : Optional.of(
            new Problem(
                ReplicationKeys.SLOT_NAME,
                "slot '"
                    + slot.name()
                    + "' is of database '"
                    + slot.database()
                    + "', not '"
                    + database
                    + "'; set another slot.name"));
  }

  /**
   * A slot that another program reads from. One of ours may be the very connector whose config is
   * being checked, which lets go of it when it is restarted.
   */
  private Optional<Problem> heldByAnother(Connection connection) throws SQLException {
    Optional<SlotInfo> slot = Slots.find(connection, config.slot());
    if (slot.isEmpty() || slot.get().activePid() == null) {
      return Optional.empty();
    }
    int pid = slot.get().activePid();
    String program =
        single(
            connection,
            "select application_name from pg_catalog.pg_stat_activity where pid = " + pid);
    return program.isEmpty() || program.equals("null") || program.startsWith(Sessions.APPLICATION)
        ? Optional.empty()
        : Optional.of(
            new Problem(
                ReplicationKeys.SLOT_NAME,
                "slot '"
                    + config.slot()
                    + "' is in use by the session with pid "
                    + pid
                    + " of '"
                    + program
                    + "'; stop that, or set another slot.name"));
  }

  private static String single(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }
}
