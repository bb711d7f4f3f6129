package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableInfo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What a publication carries of a table: the stream has no other rows and columns, and what is read
 * of the table must not have others either.
 *
 * @param filter SQL that rows must satisfy; null for all
 * @param columns empty for all
 * @see <a href="https://www.postgresql.org/docs/current/logical-replication-row-filter.html">Row
 *     Filters</a> and Column Lists
 */
public record Published(String filter, Optional<List<String>> columns) {
  /** The whole table. */
  private static final Published ALL = new Published(null, Optional.empty());

  /** From here on there are row filters and column lists. */
  private static final int FILTERS = 15;

  /** A table that is also published with its schema is published whole. */
  private static final String FIND =
      """
      select pg_catalog.pg_get_expr(r.prqual, r.prrelid),
             case when r.prattrs is not null then
               array(select a.attname from pg_catalog.pg_attribute a
                     where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[]))::text[] end
      from pg_catalog.pg_publication p
      join pg_catalog.pg_publication_rel r on r.prpubid = p.oid
      join pg_catalog.pg_class c on c.oid = r.prrelid
      where p.pubname = ? and c.oid = ? and not p.puballtables
        and not exists (select from pg_catalog.pg_publication_namespace n
                        where n.pnpubid = p.oid and n.pnnspid = c.relnamespace)
      """;

  public Published {
    columns = columns.map(List::copyOf);
  }

  /**
   * Looks at a publication.
   *
   * @param connection for SQL
   * @param oid of a table that is published under its own name
   */
  public static Published of(Connection connection, String publication, int oid)
      throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() < FILTERS) {
      return ALL;
    }
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, publication);
      statement.setLong(2, Integer.toUnsignedLong(oid));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return ALL;
        }
        Optional<List<String>> columns =
            row.getArray(2) == null
                ? Optional.empty()
                : Optional.of(List.of((String[]) row.getArray(2).getArray()));
        return new Published(row.getString(1), columns);
      }
    }
  }

  /**
   * The table as the stream shows it. A key that is not published whole is none; then the replica
   * identity is, as in the stream.
   *
   * @param catalog looks up the latter
   */
  public TableInfo of(TableInfo table, CatalogReader catalog) throws SQLException {
    if (columns.isEmpty()) {
      return table;
    }
    List<String> names = columns.get();
    List<ColumnInfo> published =
        table.columns().stream().filter(column -> names.contains(column.name())).toList();
    List<String> key =
        names.containsAll(table.keyColumns())
            ? table.keyColumns()
            : catalog.identityIndex(table.oid());
    return new TableInfo(table.oid(), table.name(), published, key, table.hasPrimaryKey());
  }
}
