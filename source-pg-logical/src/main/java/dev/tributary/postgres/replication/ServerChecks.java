package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.PublicationMode;
import dev.tributary.postgres.config.SnapshotMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server must be like for the connector to work. */
public final class ServerChecks {
  private static final String MAY_REPLICATE =
      """
      select bool_or(r.rolreplication or r.rolsuper)
      from pg_catalog.pg_roles r
      where r.rolname = current_user
         or (r.rolname in ('rds_replication', 'cloudsqlsuperuser', 'azure_pg_admin')
             and pg_catalog.pg_has_role(current_user, r.oid, 'member'))
      """;

  private final PgSourceConfig config;

  public ServerChecks(PgSourceConfig config) {
    this.config = config;
  }

  /** Connects and looks; reports everything that is wrong. */
  public List<Problem> probe() {
    Sessions sessions = new Sessions(config.connection());
    try (Connection connection = sessions.sql()) {
      return check(connection);
    } catch (SQLException e) {
      return List.of(PgErrors.connecting(e, config.connection()));
    }
  }

  /**
   * Looks; reports everything that is wrong.
   *
   * @param connection for SQL
   */
  public List<Problem> check(Connection connection) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    walLevel(connection).ifPresent(problems::add);
    mayReplicate(connection).ifPresent(problems::add);
    if (config.publicationMode() == PublicationMode.DISABLED
        && !Publications.exists(connection, config.publication())) {
      problems.add(Publications.missing(config.publication()));
    }
    slot(connection).ifPresent(problems::add);
    Map<Integer, TableName> tables = new CatalogReader(connection).tables();
    missingTable(tables.values()).ifPresent(problems::add);
    unreadable(connection, tables).ifPresent(problems::add);
    return problems;
  }

  private Optional<Problem> walLevel(Connection connection) throws SQLException {
    String level = single(connection, "show wal_level");
    return level.equals("logical")
        ? Optional.empty()
        : Optional.of(
            new Problem(
                PgSourceConfig.HOSTNAME,
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
                PgSourceConfig.USER,
                "user '"
                    + user
                    + "' has no REPLICATION right, without which no changes can be streamed; grant it: ALTER ROLE \""
                    + user
                    + "\" REPLICATION"));
  }

  private Optional<Problem> slot(Connection connection) throws SQLException {
    return Slots.find(connection, config.slot()).flatMap(this::unfit);
  }

  /** What is wrong with a slot that is there, whatever was streamed from it. */
  private Optional<Problem> unfit(SlotInfo slot) {
    String database = config.connection().database();
    if (!"pgoutput".equals(slot.plugin())) {
      return Optional.of(
          new Problem(
              PgSourceConfig.SLOT_NAME,
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
                PgSourceConfig.SLOT_NAME,
                "slot '"
                    + slot.name()
                    + "' is of database '"
                    + slot.database()
                    + "', not '"
                    + database
                    + "'; set another slot.name"));
  }

  private Optional<Problem> missingTable(Collection<TableName> tables) {
    List<String> missing =
        config.tables().literalTables().stream()
            .filter(name -> tables.stream().noneMatch(t -> t.toString().equalsIgnoreCase(name)))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                PgSourceConfig.TABLE_INCLUDE,
                "database '"
                    + config.connection().database()
                    + "' has no table "
                    + String.join(", ", missing)
                    + "; names are schema.table: create the table or correct table.include.list"));
  }

  private Optional<Problem> unreadable(Connection connection, Map<Integer, TableName> tables)
      throws SQLException {
    if (config.snapshotMode() == SnapshotMode.NO_DATA) {
      return Optional.empty();
    }
    List<String> unreadable = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select pg_catalog.has_table_privilege(?::oid, 'SELECT')"
                + " and pg_catalog.has_schema_privilege(?, 'USAGE')")) {
      for (Map.Entry<Integer, TableName> table : tables.entrySet()) {
        if (!config.tables().test(table.getValue())) {
          continue;
        }
        statement.setLong(1, Integer.toUnsignedLong(table.getKey()));
        statement.setString(2, table.getValue().schema());
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next() && !rows.getBoolean(1)) {
            unreadable.add(table.getValue().toString());
          }
        }
      }
    }
    return unreadable.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                PgSourceConfig.USER,
                "user '"
                    + config.connection().user()
                    + "' may not read "
                    + String.join(", ", unreadable)
                    + ", which the snapshot needs; GRANT USAGE on the schema and SELECT on the tables, or exclude them"));
  }

  private static String single(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }
}
