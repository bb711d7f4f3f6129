package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.FilterKeys;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.PublicationMode;
import dev.tributary.postgres.config.ReplicationKeys;
import dev.tributary.postgres.position.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that there is a publication of the captured tables. */
public final class Publications {
  private static final Logger log = LoggerFactory.getLogger(Publications.class);

  private Publications() {}

  /** What is wrong when the publication is missing and may not be made. */
  private static Problem absent(String name) {
    return new Problem(
        ReplicationKeys.PUBLICATION_NAME,
        "publication '"
            + name
            + "' does not exist and publication.autocreate.mode is 'disabled'; create it (CREATE PUBLICATION "
            + Identifiers.quote(name)
            + " FOR TABLE ...) or set publication.autocreate.mode to 'filtered' or 'all_tables'");
  }

  /**
   * What keeps the publication that is there, or is not there, from carrying the captured tables;
   * leaves out what {@link #ensure} would put right.
   *
   * @param connection for SQL
   * @param tables that are captured
   */
  public static Optional<Problem> check(
      Connection connection, PgSourceConfig config, Collection<TableName> tables)
      throws SQLException {
    String name = config.publication();
    PublicationMode mode = config.publicationMode();
    Optional<Publication> found = Publication.find(connection, name);
    if (found.isEmpty()) {
      return mode == PublicationMode.DISABLED ? Optional.of(absent(name)) : Optional.empty();
    }
    return found.get().incomplete().or(() -> found.get().lacking(tables, mode));
  }

  /**
   * A slot is going to be streamed from a position before now. What was committed while there was
   * no publication is published to nobody, and from version 18 on the server does not say so.
   *
   * @return what tells the publication from another one of its name
   * @throws ProblemException if it does not exist
   */
  public static long checkNotGone(Connection connection, PgSourceConfig config, Position from)
      throws SQLException {
    String name = config.publication();
    return Publication.oid(connection, name)
        .orElseThrow(
            () ->
                new ProblemException(
                    new Problem(
                        ReplicationKeys.PUBLICATION_NAME,
                        "publication '"
                            + name
                            + "' does not exist, though slot '"
                            + config.slot()
                            + "' is to be streamed from "
                            + from
                            + ": what was committed since is not published and would be lost, and"
                            + " creating it again does not bring that back. Set publication.name"
                            + " right if it was changed; otherwise drop the slot (select"
                            + " pg_drop_replication_slot('"
                            + config.slot()
                            + "')) and reset the connector's offsets, so that it starts over")));
  }

  /**
   * Creates the publication, or adds the captured tables that one of ours lacks.
   *
   * @param tables that are captured
   * @return what is wrong with it nevertheless
   * @throws ProblemException if it is missing and the user may not create it
   */
  public static Optional<Problem> ensure(
      Connection connection, PgSourceConfig config, Collection<TableName> tables)
      throws SQLException {
    Optional<Publication> found = Publication.find(connection, config.publication());
    if (found.isEmpty()) {
      create(connection, config, tables);
    } else if (config.publicationMode() == PublicationMode.FILTERED) {
      addMissing(connection, found.get(), tables);
    }
    return check(connection, config, tables);
  }

  private static void create(
      Connection connection, PgSourceConfig config, Collection<TableName> tables)
      throws SQLException {
    String name = config.publication();
    PublicationMode mode = config.publicationMode();
    if (mode == PublicationMode.DISABLED) {
      throw new ProblemException(absent(name));
    }
    if (mode == PublicationMode.FILTERED && tables.isEmpty()) {
      throw new ProblemException(
          new Problem(
              FilterKeys.TABLE_INCLUDE,
              "no table is captured, so that there is nothing to publish; check table.include.list and schema.include.list"));
    }
    String of =
        switch (mode) {
          case ALL_TABLES -> " FOR ALL TABLES";
          case FILTERED -> " FOR TABLE " + Names.quoted(tables);
          case NO_TABLES, DISABLED -> "";
        };
    String with =
        (config.publishesViaRoot().orElse(false)
            ? " WITH (publish_via_partition_root = true)"
            : "");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE PUBLICATION " + Identifiers.quote(name) + of + with);
      log.info("Created publication '{}'{}{}", name, of, with);
    } catch (SQLException e) {
      throw notAllowed(e, "create publication '" + name + "'" + of + with, mode);
    }
  }

  /**
   * Adds the captured tables that a publication of ours lacks.
   *
   * @return those that were added
   * @throws ProblemException if the user may not
   */
  public static List<TableName> addNew(
      Connection connection, String name, Collection<TableName> tables) throws SQLException {
    Optional<Publication> found = Publication.find(connection, name);
    if (found.isEmpty()) {
      return List.of();
    }
    List<TableName> missing = found.get().addable(tables);
    addMissing(connection, found.get(), missing);
    return missing;
  }

  private static void addMissing(
      Connection connection, Publication publication, Collection<TableName> tables)
      throws SQLException {
    List<TableName> missing = publication.addable(tables);
    if (missing.isEmpty()) {
      return;
    }
    String name = publication.name();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER PUBLICATION " + Identifiers.quote(name) + " ADD TABLE " + Names.quoted(missing));
      log.info("Added {} to publication '{}'", missing, name);
    } catch (SQLException e) {
      throw notAllowed(
          e,
          "add " + Names.quoted(missing) + " to publication '" + name + "'",
          PublicationMode.FILTERED);
    }
  }

  private static SQLException notAllowed(SQLException error, String what, PublicationMode mode) {
    if (!"42501".equals(error.getSQLState())) {
      return error;
    }
    throw new ProblemException(
        new Problem(ReplicationKeys.PUBLICATION_AUTOCREATE, notAllowed(what, mode)), error);
  }

  /** Says that something is not allowed, and what would be. */
  static String notAllowed(String what, PublicationMode mode) {
    String rights =
        mode == PublicationMode.ALL_TABLES
            ? "being a superuser"
            : "CREATE on the database and owning the tables";
    return "database.user may not "
        + what
        + ", which needs "
        + rights
        + "; have someone who may create the publication, or set publication.autocreate.mode to another value";
  }
}
