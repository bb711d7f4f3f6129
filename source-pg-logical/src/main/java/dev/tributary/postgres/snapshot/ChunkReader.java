package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Tid;
import dev.tributary.postgres.record.ChangeOrigin;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.TableRecords;
import dev.tributary.postgres.snapshot.TableWork.Chunk;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import org.apache.kafka.connect.source.SourceRecord;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads chunks, makes their records and hands them on in batches, until there are no chunks left.
 * Runs in a thread of its own; the last thing it hands on is that it has ended, or why it failed.
 */
final class ChunkReader implements Runnable {
  private static final int BATCH_BYTES = 1 << 20;

  private final Connection connection;
  private final ChunkSource source;
  private final RecordFactory factory;
  private final ChangeOrigin origin;
  private final Lsn consistentAt;
  private final int batchRows;
  private final BlockingQueue<Output> out;

  /** What a reader hands on. */
  sealed interface Output {}

  /**
   * Rows of a chunk, in order; may be none.
   *
   * @param next behind the last of them; null if the chunk is done
   * @param before the offset of all but the last row; empty, to be filled when it is known
   * @param after the offset of the last row; empty, to be filled when it is known
   */
  record Batch(
      Chunk chunk,
      List<SourceRecord> records,
      long bytes,
      Tid next,
      Map<String, Object> before,
      Map<String, Object> after)
      implements Output {}

  /**
   * A reader has ended.
   *
   * @param failure null if all is read
   */
  record Ended(Throwable failure) implements Output {}

  ChunkReader(
      Connection connection,
      ChunkSource source,
      RecordFactory factory,
      ChangeOrigin origin,
      Lsn consistentAt,
      int batchRows,
      BlockingQueue<Output> out) {
    this.connection = connection;
    this.source = source;
    this.factory = factory;
    this.origin = origin;
    this.consistentAt = consistentAt;
    this.batchRows = batchRows;
    this.out = out;
  }

  @Override
  public void run() {
    try {
      Throwable failure = null;
      try {
        read();
      } catch (SQLException | RuntimeException | Error e) { // the snapshot rethrows it
        failure = e;
      }
      out.put(new Ended(failure));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the snapshot was closed
    }
  }

  private void read() throws SQLException, InterruptedException {
    PGConnection session = connection.unwrap(PGConnection.class);
    TableName table = null;
    TableRecords records = null;
    for (Optional<Chunk> next = source.next(); next.isPresent(); next = source.next()) {
      Chunk chunk = next.get();
      if (!chunk.work().table().equals(table)) {
        table = chunk.work().table();
        records = chunk.work().records().copy();
      }
      String copy = chunk.work().query().copy(chunk.range());
      read(chunk, records, session.getCopyAPI().copyOut(copy));
    }
  }

  private void read(Chunk chunk, TableRecords records, CopyOut copy)
      throws SQLException, InterruptedException {
    RowQuery query = chunk.work().query();
    List<TupleData> rows = new ArrayList<>(batchRows);
    long bytes = 0;
    Tid next = chunk.range().from();
    for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
      int start = CopyRow.start(message);
      if (start < 0) {
        continue;
      }
      if (rows.size() == batchRows || bytes >= BATCH_BYTES) {
        hand(chunk, records, rows, bytes, next);
        rows = new ArrayList<>(batchRows);
        bytes = 0;
      }
      rows.add(CopyRow.parse(message, start, query.formats(), query.skip()));
      bytes += message.length;
      if (query.byPlace()) {
        next = CopyRow.tid(message, start).next();
      }
    }
    hand(chunk, records, rows, bytes, null);
  }

  private void hand(Chunk chunk, TableRecords table, List<TupleData> rows, long bytes, Tid next)
      throws InterruptedException {
    Map<String, Object> before = new HashMap<>();
    Map<String, Object> after = new HashMap<>();
    List<SourceRecord> records = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Map<String, Object> offset = i == rows.size() - 1 ? after : before;
      records.add(factory.snapshot(table, rows.get(i), origin, consistentAt, "true", offset));
    }
    out.put(new Batch(chunk, records, bytes, next, before, after));
  }
}
