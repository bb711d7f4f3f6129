package dev.tributary.postgres.incremental;

import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.TableRecords;
import dev.tributary.postgres.replication.Published;
import dev.tributary.postgres.snapshot.CopyRow;
import dev.tributary.postgres.types.WireFormat;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads the next rows of a table between two watermarks in the log. Runs in a thread of its own, on
 * a connection that nobody else uses.
 */
final class ChunkTask implements Callable<Chunk> {
  /**
   * With -1, types are named without the length that SQL reads into {@code character} and {@code
   * bit}, which would cut values.
   */
  private static final String DESCRIBE =
      """
      select c.reltuples::bigint, c.relkind = 'p',
             array(select pg_catalog.format_type(a.atttypid, -1)
                   from unnest(?::text[]) with ordinality as k(name, position)
                   join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = k.name
                   order by k.position)::text[]
      from pg_catalog.pg_class c where c.oid = ?
      """;

  private static final String SNAPSHOT =
      """
      select pg_catalog.txid_snapshot_xmin(s),
             array(select pg_catalog.txid_snapshot_xip(s))::bigint[],
             pg_catalog.txid_snapshot_xmax(s),
             pg_catalog.current_setting('synchronous_standby_names') <> '',
             (select c.oid
              from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p'))
      from pg_catalog.txid_current_snapshot() s
      """;

  private final ChunkConnection connections;
  private final RecordFactory factory;
  private final String publication;
  private final IncrementalState.Table state;
  private final Watermarks.Window window;
  private final EarlierTransactions earlier;
  private final int limit;
  private final long limitBytes;

  /**
   * @param limit how many rows to read
   * @param limitBytes after how many bytes to stop before that
   */
  ChunkTask(
      ChunkConnection connections,
      RecordFactory factory,
      String publication,
      IncrementalState.Table state,
      Watermarks.Window window,
      EarlierTransactions earlier,
      int limit,
      long limitBytes) {
    this.connections = connections;
    this.factory = factory;
    this.publication = publication;
    this.state = state;
    this.window = window;
    this.earlier = earlier;
    this.limit = limit;
    this.limitBytes = limitBytes;
  }

  @Override
  public Chunk call() throws SQLException {
    Connection connection = connections.get();
    connection.setAutoCommit(true);
    emit(connection, window.low());
    Chunk chunk;
    connection.setReadOnly(true); // goes with BEGIN: a condition may call what writes
    connection.setAutoCommit(false);
    try {
      chunk = read(connection);
    } finally {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setReadOnly(false);
      }
    }
    if (chunk instanceof Chunk.Rows) {
      emit(connections.get(), window.high());
    }
    return chunk;
  }

  /** In a transaction of its own, since the server sends no log that no commit has flushed. */
  private static void emit(Connection connection, String content) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_catalog.pg_logical_emit_message(true, ?, ?)")) {
      statement.setString(1, Watermarks.PREFIX);
      statement.setString(2, content);
      statement.execute();
    }
  }

  private Chunk read(Connection connection) throws SQLException {
    List<Long> running;
    int oid;
    try (PreparedStatement statement = connection.prepareStatement(SNAPSHOT)) {
      statement.setString(1, state.name().schema());
      statement.setString(2, state.name().table());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        running = List.of((Long[]) row.getArray(2).getArray());
        if (row.getLong(1) <= state.after()
            || earlier.mayBeHidden(row.getLong(3), running, row.getBoolean(4))) {
          return new Chunk.NotYet();
        }
        oid = (int) row.getLong(5); // 0 for none
      }
    }
    Optional<TableInfo> table =
        oid == 0 ? Optional.empty() : new CatalogReader(connection).table(oid);
    if (table.isEmpty()) {
      return new Chunk.Refused("it does not exist");
    }
    Published published = Published.of(connection, publication, table.get().oid());
    TableInfo read = published.of(table.get(), new CatalogReader(connection));
    if (!KeyQuery.isKeyed(read)) {
      return new Chunk.Refused(
          "it has no primary key and no unique index over columns NOT NULL that is published");
    }
    return rows(connection, read, published.filter(), running);
  }

  private Chunk rows(Connection connection, TableInfo table, String published, List<Long> running)
      throws SQLException {
    TableRecords records = factory.table(table.name(), table.columns(), table.keyColumns());
    long estimate;
    KeyQuery query;
    IncrementalState.Table from;
    try (PreparedStatement statement = connection.prepareStatement(DESCRIBE)) {
      Array names = connection.createArrayOf("text", table.keyColumns().toArray());
      statement.setArray(1, names);
      statement.setLong(2, Integer.toUnsignedLong(table.oid()));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        estimate = row.getLong(1);
        query =
            new KeyQuery(
                table,
                List.of((String[]) row.getArray(3).getArray()),
                row.getBoolean(2),
                Arrays.asList(state.filter(), published));
        from = state.by(query.key());
      }
    }
    List<String> end = from.end() != null ? from.end() : greatest(connection, query);
    List<Chunk.Row> rows = new ArrayList<>();
    List<String> last = from.last();
    int width = table.keyColumns().size();
    long bytes = 0;
    if (end != null) {
      List<WireFormat> formats = records.formats();
      String sql = query.next(formats, from.last(), end, limit);
      CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
      for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
        int start = CopyRow.start(message);
        if (start >= 0) {
          last = CopyRow.texts(message, start, width);
          rows.add(
              new Chunk.Row(last, CopyRow.parse(message, start, formats, width), message.length));
          bytes += message.length;
        }
        if (bytes >= limitBytes) {
          connections.discard(); // a cancel may come late, and end the next statement
          break;
        }
      }
    }
    return new Chunk.Rows(
        records,
        from,
        table.keyColumns(),
        query.key(),
        rows,
        end,
        last,
        rows.size() < limit && bytes < limitBytes,
        running,
        estimate);
  }

  private static List<String> greatest(Connection connection, KeyQuery query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query.greatest())) {
      if (!row.next()) {
        return null;
      }
      List<String> key = new ArrayList<>();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        key.add(row.getString(i));
      }
      return key;
    }
  }
}
