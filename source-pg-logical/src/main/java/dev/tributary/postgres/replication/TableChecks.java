package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.ConnectionKeys;
import dev.tributary.postgres.config.FilterKeys;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.ReplicationKeys;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The captured tables, as they are now, and whether they can be captured. */
public final class TableChecks {
  private static final String PARTITIONED =
      """
      select n.nspname, c.relname
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'p' and lower(n.nspname || '.' || c.relname) = any (?)
      order by 1, 2
      """;

  private static final String KINDS =
      """
      select n.nspname, c.relname,
             case c.relkind when 'v' then 'a view' when 'm' then 'a materialized view'
               when 'f' then 'a foreign table' when 'S' then 'a sequence'
               else case c.relpersistence when 't' then 'a temporary table'
                    else 'an unlogged table' end end
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where (c.relkind in ('v', 'm', 'f', 'S')
             or (c.relkind in ('r', 'p') and c.relpersistence <> 'p'))
        and lower(n.nspname || '.' || c.relname) = any (?)
      order by 1, 2
      """;

  private static final String READABLE =
      """
      select n.nspname, c.relname,
             pg_catalog.has_table_privilege(c.oid, 'SELECT')
               and pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
             pg_catalog.row_security_active(c.oid)
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid = any (?)
      order by n.nspname collate "C", c.relname collate "C"
      """;

  private static final String WITHOUT_IDENTITY =
      """
      select n.nspname, c.relname
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r'
        and c.oid in (select coalesce(p.relid, t.oid)
                      from unnest(?) t(oid) left join pg_catalog.pg_partition_tree(t.oid) p on true)
        and case c.relreplident
            when 'd' then not exists (select from pg_catalog.pg_index i
                                      where i.indrelid = c.oid and i.indisprimary)
            when 'i' then not exists (select from pg_catalog.pg_index i
                                      where i.indrelid = c.oid and i.indisreplident)
            else c.relreplident = 'n' end
      order by n.nspname collate "C", c.relname collate "C"
      """;

  private final PgSourceConfig config;
  private final Connection connection;
  private final Map<Integer, TableName> captured;
  private final Set<String> existing;

  /**
   * Reads the tables.
   *
   * @param connection for SQL
   */
  public TableChecks(PgSourceConfig config, Connection connection) throws SQLException {
    this.config = config;
    this.connection = connection;
    CapturedTables tables = CapturedTables.of(config);
    existing =
        tables.all(connection).values().stream()
            .map(TableChecks::folded)
            .collect(Collectors.toSet());
    captured = tables.read(connection);
  }

  private static String folded(TableName table) {
    return table.toString().toLowerCase(Locale.ROOT);
  }

  /** The tables that are captured, in the order of their names. */
  public List<TableName> captured() {
    return List.copyOf(captured.values());
  }

  /** What the publication does must not be the contrary of what the config says. */
  public Optional<Problem> contradiction() throws SQLException {
    return CapturedTables.of(config).contradiction(connection);
  }

  /** A table that the config spells out must be there, and be one that can be captured. */
  public Optional<Problem> missing() throws SQLException {
    List<String> missing =
        config.tables().literalTables().stream()
            .filter(name -> !existing.contains(name.toLowerCase(Locale.ROOT)))
            .toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    List<TableName> partitioned = partitioned(missing);
    List<String> others = partitioned.isEmpty() ? others(missing) : List.of();
    if (!others.isEmpty()) {
      return Optional.of(
          new Problem(
              FilterKeys.TABLE_INCLUDE,
              String.join(", ", others)
                  + ": the changes of these are not in the log, so that they cannot be captured; take"
                  + " them out of table.include.list; name the tables that a view is of instead, and"
                  + " ALTER TABLE ... SET LOGGED has the changes of an unlogged table logged"));
    }
    return Optional.of(
        new Problem(
            FilterKeys.TABLE_INCLUDE,
            partitioned.isEmpty()
                ? "database '"
                    + config.connection().database()
                    + "' has no table "
                    + String.join(", ", missing)
                    + "; names are schema.table: create the table or correct table.include.list"
                : Names.of(partitioned)
                    + " is partitioned, and the changes of its partitions come under their own names;"
                    + " name the partitions in table.include.list, for example "
                    + partitioned.get(0)
                    + "_.*, or capture it as a whole: publish_via_partition_root = true in the"
                    + " publication if there is one, else "
                    + ReplicationKeys.PUBLISH_VIA_ROOT
                    + "=true"));
  }

  /** What has one of these names and is no table that can be captured, with what it is. */
  private List<String> others(List<String> names) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(KINDS)) {
      Object[] folded = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toArray();
      statement.setArray(1, connection.createArrayOf("text", folded));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          TableName name = new TableName(rows.getString(1), rows.getString(2));
          found.add(name + " is " + rows.getString(3));
        }
      }
    }
    return found;
  }

  private List<TableName> partitioned(List<String> names) throws SQLException {
    List<TableName> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PARTITIONED)) {
      Object[] folded = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toArray();
      statement.setArray(1, connection.createArrayOf("text", folded));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(new TableName(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return found;
  }

  /** What a snapshot reads must be readable, all rows of it. */
  public Optional<Problem> unreadable() throws SQLException {
    List<TableName> unreadable = new ArrayList<>();
    List<TableName> hidden = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(READABLE)) {
      Object[] oids = captured.keySet().stream().map(Integer::toUnsignedLong).toArray();
      Array array = connection.createArrayOf("oid", oids);
      statement.setArray(1, array);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          TableName table = new TableName(rows.getString(1), rows.getString(2));
          if (!rows.getBoolean(3)) {
            unreadable.add(table);
          } else if (rows.getBoolean(4)) {
            hidden.add(table);
          }
        }
      }
    }
    String user = "user '" + config.connection().user() + "' ";
    if (!unreadable.isEmpty()) {
      return problem(
          user
              + "may not read "
              + Names.of(unreadable)
              + ", which the snapshot needs; GRANT USAGE on the schema and SELECT on the tables, or exclude them");
    }
    return hidden.isEmpty()
        ? Optional.empty()
        : problem(
            user
                + "may not see all rows of "
                + Names.of(hidden)
                + ", which has row-level security, so that the snapshot would lack some; ALTER ROLE ... BYPASSRLS, or exclude the tables");
  }

  /**
   * The server refuses UPDATE and DELETE of a published table that has no replica identity, so that
   * publishing one can break the applications that write it.
   *
   * @return what to tell; empty if all have one
   */
  public Optional<String> withoutIdentity() throws SQLException {
    List<TableName> tables = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(WITHOUT_IDENTITY)) {
      Object[] oids = captured.keySet().stream().map(Integer::toUnsignedLong).toArray();
      Array array = connection.createArrayOf("oid", oids);
      statement.setArray(1, array);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          tables.add(new TableName(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return tables.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The server refuses UPDATE and DELETE of "
                + Names.of(tables)
                + " while published, as there is no replica identity: add a primary key, or ALTER"
                + " TABLE ... REPLICA IDENTITY FULL; tables that are only inserted into need none");
  }

  private static Optional<Problem> problem(String message) {
    return Optional.of(new Problem(ConnectionKeys.USER, message));
  }
}
