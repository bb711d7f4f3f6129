package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.PublicationMode;
import dev.tributary.postgres.config.ReplicationKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether the user may do with the publication what {@link Publications#ensure} is going to do. */
final class PublicationRights {
  private static final String MAY_CREATE =
      """
      select r.rolsuper or (? and pg_catalog.has_database_privilege(current_database(), 'CREATE'))
      from pg_catalog.pg_roles r where r.rolname = current_user
      """;

  private static final String MAY_CHANGE =
      """
      select pg_catalog.pg_has_role(p.pubowner, 'USAGE')
      from pg_catalog.pg_publication p where p.pubname = ?
      """;

  private static final String OWNS =
      """
      select pg_catalog.pg_has_role(c.relowner, 'USAGE')
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ? and c.relname = ?
      """;

  private PublicationRights() {}

  /**
   * What is missing.
   *
   * @param connection for SQL
   * @param tables that are captured
   */
  static Optional<Problem> missing(
      Connection connection, String name, PublicationMode mode, Collection<TableName> tables)
      throws SQLException {
    if (mode == PublicationMode.DISABLED) {
      return Optional.empty();
    }
    Optional<Publication> found = Publication.find(connection, name);
    if (found.isPresent()) {
      List<TableName> added =
          mode == PublicationMode.FILTERED ? found.get().addable(tables) : List.of();
      if (added.isEmpty()) {
        return Optional.empty();
      }
      List<TableName> foreign = notOwned(connection, added);
      return foreign.isEmpty() && is(connection, MAY_CHANGE, name)
          ? Optional.empty()
          : problem("add " + Names.of(added) + " to publication '" + name + "'", mode);
    }
    boolean filtered = mode == PublicationMode.FILTERED;
    return is(connection, MAY_CREATE, filtered)
            && (!filtered || notOwned(connection, tables).isEmpty())
        ? Optional.empty()
        : problem("create publication '" + name + "'", mode);
  }

  private static List<TableName> notOwned(Connection connection, Collection<TableName> tables)
      throws SQLException {
    List<TableName> foreign = new ArrayList<>();
    for (TableName table : tables) {
      if (!is(connection, OWNS, table.schema(), table.table())) {
        foreign.add(table);
      }
    }
    return foreign;
  }

  private static boolean is(Connection connection, String query, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  private static Optional<Problem> problem(String what, PublicationMode mode) {
    return Optional.of(
        new Problem(ReplicationKeys.PUBLICATION_AUTOCREATE, Publications.notAllowed(what, mode)));
  }
}
