package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.PublicationMode;
import dev.tributary.postgres.config.ReplicationKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A publication as the server has it.
 *
 * @param everyChange whether it carries inserts, updates and deletes
 * @param viaRoot whether changes of partitions are published as those of the partitioned table
 * @param published the tables whose changes it carries under their own names
 * @param members the tables that were added to it by name
 */
record Publication(
    String name,
    boolean everyChange,
    boolean viaRoot,
    Set<TableName> published,
    Set<TableName> members) {
  private static final String FIND =
      """
      select pubinsert and pubupdate and pubdelete, pubviaroot
      from pg_catalog.pg_publication where pubname = ?
      """;

  private static final String PUBLISHED =
      "select schemaname, tablename from pg_catalog.pg_publication_tables where pubname = ?";

  private static final String MEMBERS =
      """
      select n.nspname, c.relname
      from pg_catalog.pg_publication p
      join pg_catalog.pg_publication_rel r on r.prpubid = p.oid
      join pg_catalog.pg_class c on c.oid = r.prrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where p.pubname = ?
      """;

  private static final String VIA_ROOT =
      "select pubviaroot from pg_catalog.pg_publication where pubname = ?";

  private static final String OID =
      "select oid::bigint from pg_catalog.pg_publication where pubname = ?";

  Publication {
    published = Set.copyOf(published);
    members = Set.copyOf(members);
  }

  static Optional<Publication> find(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Publication(
                    name,
                    rows.getBoolean(1),
                    rows.getBoolean(2),
                    tables(connection, PUBLISHED, name),
                    tables(connection, MEMBERS, name)))
            : Optional.empty();
      }
    }
  }

  /** Whether changes of partitions are published as those of their root; empty for none there. */
  static Optional<Boolean> viaRoot(Connection connection, String name) throws SQLException {
    return property(connection, VIA_ROOT, name, Boolean.class);
  }

  /** What tells it from another one of its name; empty for none there. Waits for no lock. */
  static Optional<Long> oid(Connection connection, String name) throws SQLException {
    return property(connection, OID, name, Long.class);
  }

  private static <T> Optional<T> property(
      Connection connection, String query, String name, Class<T> type) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getObject(1, type)) : Optional.empty();
      }
    }
  }

  private static Set<TableName> tables(Connection connection, String query, String name)
      throws SQLException {
    Set<TableName> tables = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          tables.add(new TableName(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return tables;
  }

  /** The captured tables that can be added. */
  List<TableName> addable(Collection<TableName> captured) {
    return captured.stream()
        .filter(table -> !published.contains(table) && !members.contains(table))
        .toList();
  }

  /** What is wrong if some changes of its tables are left out. */
  Optional<Problem> incomplete() {
    return everyChange
        ? Optional.empty()
        : problem(
            "publication '"
                + name
                + "' does not publish all of insert, update and delete, so that changes would be lost; "
                + alter("SET (publish = 'insert, update, delete, truncate')"));
  }

  /** What is wrong if captured tables are left out that nobody is going to add. */
  Optional<Problem> lacking(Collection<TableName> captured, PublicationMode mode) {
    List<TableName> missing =
        captured.stream()
            .filter(table -> !published.contains(table))
            .filter(table -> mode != PublicationMode.FILTERED || members.contains(table))
            .toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String lost =
        "publication '"
            + name
            + "' does not publish "
            + Names.of(missing)
            + " as such, so that the changes would be lost; ";
    return problem(
        lost
            + (viaRoot
                ? alter("SET (publish_via_partition_root = false)") + " if these are partitions, "
                : "")
            + alter("ADD TABLE " + Names.quotedForPeople(missing))
            + ", or exclude the tables from the capture");
  }

  private String alter(String what) {
    return alter(name, what);
  }

  /** The statement that changes a publication. */
  static String alter(String name, String what) {
    return "ALTER PUBLICATION " + Identifiers.quote(name) + " " + what;
  }

  private static Optional<Problem> problem(String message) {
    return Optional.of(new Problem(ReplicationKeys.PUBLICATION_NAME, message));
  }
}
