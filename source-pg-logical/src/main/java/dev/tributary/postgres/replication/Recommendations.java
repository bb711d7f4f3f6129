package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.ConnectionKeys;
import dev.tributary.postgres.config.FilterKeys;
import dev.tributary.postgres.config.ReplicationKeys;
import dev.tributary.postgres.config.SnapshotKeys;
import dev.tributary.postgres.config.TableFilter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a database has that settings can name: its schemas, tables and columns, publications, slots,
 * and the databases beside it. Names stand as the settings want them: as patterns where those are
 * patterns.
 */
final class Recommendations {
  /** More would only make a list that nobody reads. */
  private static final int MOST = 1000;

  private static final String DATABASES =
      """
      select datname from pg_catalog.pg_database
      where datallowconn and not datistemplate
        and pg_catalog.has_database_privilege(oid, 'CONNECT')
      order by datname
      """;

  private static final String PUBLICATIONS =
      "select pubname from pg_catalog.pg_publication order by pubname";

  private static final String SLOTS =
      """
      select slot_name from pg_catalog.pg_replication_slots
      where plugin = 'pgoutput' and database = current_database() and not temporary
      order by slot_name
      """;

  private static final String TABLES =
      """
      select n.nspname, c.relname
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence = 'p'
        and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
      order by n.nspname, c.relname
      """;

  private static final String COLUMNS =
      """
      select n.nspname, c.relname, a.attname
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid = c.oid
      where c.relkind in ('r', 'p') and c.relpersistence = 'p' and a.attnum > 0
        and not a.attisdropped
        and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
      order by n.nspname, c.relname, a.attnum
      """;

  private final Connection connection;

  private Recommendations(Connection connection) {
    this.connection = connection;
  }

  /**
   * Values by key.
   *
   * @param connection for SQL
   * @param captured which tables' columns to name, and which tables snapshots can read
   */
  static Map<String, List<Object>> of(Connection connection, Predicate<TableName> captured)
      throws SQLException {
    Recommendations here = new Recommendations(connection);
    List<TableName> tables = here.tables();
    List<Object> schemas = patterns(tables.stream().map(TableName::schema).distinct().toList());
    List<Object> all = patterns(tables.stream().map(TableName::toString).toList());
    List<TableName> read = tables.stream().filter(captured).toList();
    List<Object> columns = patterns(here.columns(captured));
    Map<String, List<Object>> values = new HashMap<>();
    values.put(FilterKeys.SCHEMA_INCLUDE, schemas);
    values.put(FilterKeys.SCHEMA_EXCLUDE, schemas);
    values.put(FilterKeys.TABLE_INCLUDE, all);
    values.put(FilterKeys.TABLE_EXCLUDE, all);
    values.put(FilterKeys.COLUMN_INCLUDE, columns);
    values.put(FilterKeys.COLUMN_EXCLUDE, columns);
    values.put(
        SnapshotKeys.SNAPSHOT_INCLUDE, patterns(read.stream().map(TableName::toString).toList()));
    values.put(
        SnapshotKeys.SNAPSHOT_OVERRIDES,
        List.copyOf(read.stream().map(TableName::toString).limit(MOST).toList()));
    values.put(ConnectionKeys.DBNAME, here.names(DATABASES));
    values.put(ReplicationKeys.PUBLICATION_NAME, here.names(PUBLICATIONS));
    values.put(ReplicationKeys.SLOT_NAME, here.names(SLOTS));
    return values;
  }

  private static List<Object> patterns(List<String> names) {
    return List.copyOf(names.stream().map(TableFilter::pattern).limit(MOST).toList());
  }

  private List<TableName> tables() throws SQLException {
    List<TableName> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        tables.add(new TableName(rows.getString(1), rows.getString(2)));
      }
    }
    return tables;
  }

  private List<String> columns(Predicate<TableName> captured) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS)) {
      while (rows.next() && columns.size() < MOST) {
        TableName table = new TableName(rows.getString(1), rows.getString(2));
        if (captured.test(table)) {
          columns.add(table + "." + rows.getString(3));
        }
      }
    }
    return columns;
  }

  private List<Object> names(String query) throws SQLException {
    List<Object> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next() && names.size() < MOST) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }
}
