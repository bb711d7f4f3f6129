package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.ChangeOrigin;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.TableRecords;
import dev.tributary.postgres.replication.Slots;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the captured tables as they stood at a slot's consistent point: in one transaction on the
 * snapshot that the slot's creation exported, table by table in the order of their names.
 *
 * <p>All rows but the last carry an offset that says the snapshot is unfinished. Belongs to one
 * thread.
 */
public final class Snapshot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Snapshot.class);

  private final Connection connection;
  private final RecordFactory factory;
  private final Lsn consistentAt;
  private final Output out;
  private final Map<String, Object> unfinished;

  private ChangeOrigin origin;
  private Row held;
  private boolean first = true;

  /** Takes the rows; may wait. */
  @FunctionalInterface
  public interface Output {
    /**
     * Takes the next row.
     *
     * @param bytes what the server sent for the record
     */
    void emit(SourceRecord record, int bytes) throws SQLException, InterruptedException;
  }

  private record Row(TableRecords table, TupleData data, int bytes, boolean firstOfTable) {}

  private Snapshot(Connection connection, RecordFactory factory, Lsn consistentAt, Output out) {
    this.connection = connection;
    this.factory = factory;
    this.consistentAt = consistentAt;
    this.out = out;
    this.unfinished = Offsets.unfinished(consistentAt);
  }

  /**
   * Opens the transaction; from then on the session that created the slot may end.
   *
   * @param connection for SQL, used by nobody else; closed with this, and if this fails
   */
  public static Snapshot open(
      Connection connection, Slots.Created slot, RecordFactory factory, Output out)
      throws SQLException {
    Snapshot snapshot = new Snapshot(connection, factory, slot.consistentAt(), out);
    try {
      snapshot.begin(slot.snapshot());
      return snapshot;
    } catch (SQLException e) {
      snapshot.close();
      throw e;
    }
  }

  private void begin(String exported) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.execute("SET TRANSACTION SNAPSHOT " + Identifiers.literal(exported));
      // the server then refuses to read a table of which a policy hides rows
      statement.execute("SET row_security = off");
      try (ResultSet rows =
          statement.executeQuery(
              "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()),"
                  + " (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint")) {
        rows.next();
        origin = ChangeOrigin.of(rows.getLong(1), rows.getLong(2), null);
      }
    }
  }

  /** Reads all captured tables. */
  public void read(Predicate<TableName> captured) throws SQLException, InterruptedException {
    CatalogReader catalog = new CatalogReader(connection);
    for (Map.Entry<Integer, TableName> table : catalog.tables().entrySet()) {
      if (captured.test(table.getValue())) {
        Optional<TableInfo> info = catalog.table(table.getKey());
        if (info.isPresent()) {
          read(info.get());
        }
      }
    }
    if (held != null) {
      emit(true, true);
    }
  }

  private void read(TableInfo table) throws SQLException, InterruptedException {
    TableRecords records = factory.table(table.name(), table.columns(), table.keyColumns());
    if (!records.leftOut().isEmpty()) {
      log.warn(
          "Columns of table {} are left out, since their types are not supported: {}",
          table.name(),
          String.join(", ", records.leftOut()));
    }
    long start = System.nanoTime();
    long count = 0;
    int width = table.columns().size();
    CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copyCommand(table));
    for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
      if (held != null) {
        emit(count == 0, false);
      }
      int bytes = line.length;
      held = new Row(records, CopyRow.parse(line, width), bytes, count == 0);
      count++;
    }
    log.info(
        "Snapshot read {} rows of table {} in {} ms",
        count,
        table.name(),
        (System.nanoTime() - start) / 1_000_000);
  }

  private static String copyCommand(TableInfo table) {
    String columns =
        table.columns().stream()
            .map(ColumnInfo::name)
            .map(Identifiers::quote)
            .collect(Collectors.joining(", "));
    return "COPY (SELECT " + columns + " FROM ONLY " + table.name().quoted() + ") TO STDOUT";
  }

  private void emit(boolean lastOfTable, boolean last) throws SQLException, InterruptedException {
    String marker = Markers.of(first, held.firstOfTable(), lastOfTable, last);
    Map<String, Object> offset =
        last ? new Offsets().of(Position.between(consistentAt)) : unfinished;
    SourceRecord record =
        factory.snapshot(held.table(), held.data(), origin, consistentAt, marker, offset);
    first = false;
    out.emit(record, held.bytes());
  }

  @Override
  public void close() throws SQLException {
    connection.abort(Runnable::run);
  }
}
