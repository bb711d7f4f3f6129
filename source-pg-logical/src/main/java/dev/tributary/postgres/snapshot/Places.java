package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.catalog.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out where the rows of a table are: in itself, or in its partitions. Those are read one by
 * one, by place, unless the user may read only the partitioned table as such.
 */
final class Places {
  private static final String DESCRIBE =
      """
      select pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint,
             c.relkind = 'r', c.reltuples::bigint, c.xmin::text::bigint,
             (select a.xmin::text::bigint from pg_catalog.pg_attribute a
              where a.attrelid = c.oid and a.attname = 'tableoid'),
             c.relreplident <> 'f' and c.reltoastrelid <> 0
               and pg_catalog.pg_relation_size(c.reltoastrelid) > 0,
             coalesce(
               least(
                 (select min(m.xmin::text::bigint)
                  from pg_catalog.pg_publication_rel m join pg_catalog.pg_publication p on p.oid = m.prpubid
                  where p.pubname = ? and (m.prrelid = c.oid
                    or m.prrelid in (select a.relid from pg_catalog.pg_partition_ancestors(c.oid) a(relid)))),
                 %s),
               (select p.xmin::text::bigint
                from pg_catalog.pg_publication p where p.pubname = ? and p.puballtables),
               9223372036854775807)
      from pg_catalog.pg_class c where c.oid = ?
      """;

  /** Who published the schema of a table, or of a partition's root. */
  private static final String SCHEMA =
      """
      (select min(m.xmin::text::bigint)
       from pg_catalog.pg_publication_namespace m join pg_catalog.pg_publication p on p.oid = m.pnpubid
       join pg_catalog.pg_class r on r.relnamespace = m.pnnspid
       where p.pubname = ? and (r.oid = c.oid
         or r.oid in (select a.relid from pg_catalog.pg_partition_ancestors(c.oid) a(relid))))""";

  /** From here on schemas can be published. */
  private static final int SCHEMAS = 15;

  private static final String READABLE =
      """
      select coalesce(bool_and(pg_catalog.has_table_privilege(c.oid, 'SELECT')
               and pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
               and not pg_catalog.row_security_active(c.oid)), true)
      from pg_catalog.pg_class c where c.oid = any (?)
      """;

  private final Connection connection;
  private final CatalogReader catalog;
  private final String publication;

  /**
   * A place where rows are.
   *
   * @param name of the table or the partition
   * @param covers the places of which it has the rows: itself, and its partitions
   * @param blocks how large it is
   * @param byPlace whether it has rows of its own, with places
   * @param rows by the server's estimate; negative for none
   * @param changedBy the transaction that changed its definition last
   * @param createdBy the transaction that created it
   * @param toasted whether there are values that the stream does not always carry
   * @param publishedBy the transaction that published it
   */
  record Place(
      TableName name,
      Set<TableName> covers,
      long blocks,
      boolean byPlace,
      long rows,
      long changedBy,
      long createdBy,
      boolean toasted,
      long publishedBy) {
    Place {
      covers = Set.copyOf(covers);
    }
  }

  Places(Connection connection, String publication) {
    this.connection = connection;
    this.publication = publication;
    catalog = new CatalogReader(connection);
  }

  /**
   * The places of a table.
   *
   * @param whole whether a partitioned table has to be read as such
   * @return empty if it does not exist any more, or has no partition
   */
  List<Place> of(int oid, TableName table, boolean whole) throws SQLException {
    Map<Integer, TableName> partitions = catalog.partitions(oid);
    List<Place> places = new ArrayList<>();
    if (partitions.isEmpty() || whole || !areReadable(partitions)) {
      Set<TableName> covers = new HashSet<>(partitions.values());
      covers.add(table);
      describe(oid, table, covers, places);
      return places;
    }
    for (Map.Entry<Integer, TableName> partition : partitions.entrySet()) {
      TableName name = partition.getValue();
      describe(partition.getKey(), name, Set.of(name), places);
    }
    return places;
  }

  private boolean areReadable(Map<Integer, TableName> tables) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READABLE)) {
      Object[] oids = tables.keySet().stream().map(Integer::toUnsignedLong).toArray();
      Array array = connection.createArrayOf("oid", oids);
      statement.setArray(1, array);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private void describe(int oid, TableName name, Set<TableName> covers, List<Place> places)
      throws SQLException {
    boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= SCHEMAS;
    try (PreparedStatement statement =
        connection.prepareStatement(DESCRIBE.formatted(schemas ? SCHEMA : "null"))) {
      int parameter = 1;
      for (int i = schemas ? 3 : 2; i > 0; i--) {
        statement.setString(parameter++, publication);
      }
      statement.setLong(parameter, Integer.toUnsignedLong(oid));
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          places.add(
              new Place(
                  name,
                  covers,
                  row.getLong(1),
                  row.getBoolean(2),
                  row.getLong(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getBoolean(6),
                  row.getLong(7)));
        }
      }
    }
  }
}
