package dev.tributary.postgres;

import dev.tributary.postgres.BatchQueue.Batch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Gathers records into batches for the queue. Belongs to the reader's thread. */
final class Outbox {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** How long a batch may grow while more is read and Connect waits. */
  private static final long GROWTH_NANOS = 500_000;

  private final BatchQueue queue;
  private final int maxBatch;
  private final long maxBytes;
  private List<SourceRecord> records = new ArrayList<>();
  private long bytes;
  private long since;

  /** What has to be done again and again while the queue is full. */
  @FunctionalInterface
  interface Meanwhile {
    void run() throws SQLException;
  }

  Outbox(BatchQueue queue, int maxBatch, long maxBytes) {
    this.queue = queue;
    this.maxBatch = maxBatch;
    this.maxBytes = maxBytes;
  }

  /**
   * @param size what the server sent for the record
   */
  void add(SourceRecord record, int size) {
    if (records.isEmpty()) {
      since = System.nanoTime();
    }
    records.add(record);
    bytes += size;
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  /** Whether the batch should go though there is more to read: it is full, or Connect waits. */
  boolean isDue() {
    return !records.isEmpty()
        && (records.size() >= maxBatch
            || bytes >= maxBytes
            || (queue.isWanted() && System.nanoTime() - since >= GROWTH_NANOS));
  }

  /** Puts the batch into the queue, however long it takes. */
  void flush(Meanwhile meanwhile) throws InterruptedException, SQLException {
    if (records.isEmpty()) {
      return;
    }
    Batch batch = new Batch(records, bytes);
    records = new ArrayList<>();
    bytes = 0;
    SQLException failure = null;
    while (!queue.offer(batch, PATIENCE)) {
      try {
        if (failure == null) {
          meanwhile.run();
        }
      } catch (SQLException e) {
        failure = e; // the position counts the records as done, so they are handed on first
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
