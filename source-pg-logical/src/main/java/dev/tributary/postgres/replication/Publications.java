package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.PublicationMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that there is a publication of the captured tables. */
public final class Publications {
  private static final Logger log = LoggerFactory.getLogger(Publications.class);

  private Publications() {}

  /** Whether a publication is there. */
  public static boolean exists(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select 1 from pg_catalog.pg_publication where pubname = ?")) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** What is wrong when the publication is missing and may not be made. */
  public static Problem missing(String name) {
    return new Problem(
        PgSourceConfig.PUBLICATION_NAME,
        "publication '"
            + name
            + "' does not exist and publication.autocreate.mode is 'disabled'; create it (CREATE PUBLICATION "
            + Identifiers.quote(name)
            + " FOR TABLE ...) or set publication.autocreate.mode to 'filtered' or 'all_tables'");
  }

  /**
   * Creates the publication, or adds the captured tables that one of ours lacks.
   *
   * @param tables that are captured
   * @throws ProblemException if it is missing and the user may not create it
   */
  public static void ensure(
      Connection connection, String name, PublicationMode mode, Collection<TableName> tables)
      throws SQLException {
    if (!exists(connection, name)) {
      create(connection, name, mode, tables);
    } else if (mode == PublicationMode.FILTERED) {
      addMissing(connection, name, tables);
    }
  }

  private static void create(
      Connection connection, String name, PublicationMode mode, Collection<TableName> tables)
      throws SQLException {
    if (mode == PublicationMode.DISABLED) {
      throw new ProblemException(missing(name));
    }
    if (mode == PublicationMode.FILTERED && tables.isEmpty()) {
      throw new ProblemException(
          new Problem(
              PgSourceConfig.TABLE_INCLUDE,
              "no table is captured, so that there is nothing to publish; check table.include.list and schema.include.list"));
    }
    String of = mode == PublicationMode.ALL_TABLES ? "ALL TABLES" : "TABLE " + list(tables);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE PUBLICATION " + Identifiers.quote(name) + " FOR " + of);
      log.info("Created publication '{}' for {}", name, of);
    } catch (SQLException e) {
      throw notAllowed(e, "create publication '" + name + "' for " + of, mode);
    }
  }

  private static void addMissing(Connection connection, String name, Collection<TableName> tables)
      throws SQLException {
    Set<TableName> published = published(connection, name);
    List<TableName> missing = tables.stream().filter(table -> !published.contains(table)).toList();
    if (missing.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER PUBLICATION " + Identifiers.quote(name) + " ADD TABLE " + list(missing));
      log.info("Added {} to publication '{}'", missing, name);
    } catch (SQLException e) {
      throw notAllowed(
          e, "add " + list(missing) + " to publication '" + name + "'", PublicationMode.FILTERED);
    }
  }

  private static Set<TableName> published(Connection connection, String name) throws SQLException {
    Set<TableName> tables = new HashSet<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select schemaname, tablename from pg_catalog.pg_publication_tables where pubname = ?")) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          tables.add(new TableName(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return tables;
  }

  private static SQLException notAllowed(SQLException error, String what, PublicationMode mode) {
    if (!"42501".equals(error.getSQLState())) {
      return error;
    }
    String rights =
        mode == PublicationMode.ALL_TABLES
            ? "being a superuser"
            : "CREATE on the database and owning the tables";
    throw new ProblemException(
        new Problem(
            PgSourceConfig.PUBLICATION_AUTOCREATE,
            "database.user may not "
                + what
                + ", which needs "
                + rights
                + "; have someone who may create the publication, or set publication.autocreate.mode to another value"),
        error);
  }

  private static String list(Collection<TableName> tables) {
    return tables.stream().map(TableName::quoted).collect(Collectors.joining(", "));
  }
}
