package dev.tributary.postgres;

import dev.tributary.postgres.BatchQueue.Batch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Gathers records into batches for the queue. A batch ends where a Postgres transaction ends; only
 * a transaction that alone is larger than a batch is handed on in parts. Belongs to the reader's
 * thread.
 */
final class Outbox {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final BatchQueue queue;
  private final int maxBatch;
  private final long maxBytes;
  private List<SourceRecord> records = new ArrayList<>();
  private long bytes;

  /** How many of the records, and of their bytes, are of transactions that are complete. */
  private int whole;

  private long wholeBytes;

  private boolean open;
  private Instant committed;

  /** Whether part of the transaction in progress is handed on. */
  private boolean cut;

  /** Whether the end of a transaction of which all records are handed on has to follow them. */
  private boolean endDue;

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
   * Takes a record; outside of a transaction, it is complete by itself.
   *
   * @param size what the server sent for the record
   */
  void add(SourceRecord record, int size) {
    records.add(record);
    bytes += size;
    if (!open && !cut) {
      markWhole();
    }
  }

  /**
   * Whether what follows is of a transaction that is in progress, or what came is complete.
   *
   * @param inProgress also between two sessions, if the first one broke off in the transaction
   */
  void transaction(boolean inProgress) {
    open = inProgress;
    if (!inProgress) {
      endDue |= cut && records.isEmpty();
      cut = false;
      markWhole();
    }
  }

  /** When the transaction was committed that is complete with what came. */
  void committed(Instant when) {
    committed = when;
  }

  /** A session starts inside a transaction, of which the changes before are handed on. */
  void resumeTransaction() {
    open = true;
    cut = true;
  }

  private void markWhole() {
    whole = records.size();
    wholeBytes = bytes;
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  /**
   * Whether a batch should go though there is more to read: a transaction is complete. Connect
   * takes several of them together when it comes, so that there is nothing to wait for.
   */
  boolean isDue() {
    return isFull() || endDue || (whole > 0 && whole == records.size());
  }

  private boolean isFull() {
    return records.size() >= maxBatch || bytes >= maxBytes;
  }

  /**
   * Puts what is complete into the queue, however long it takes; what is not, only if it fills a
   * batch by itself.
   */
  void flush(Meanwhile meanwhile) throws InterruptedException, SQLException {
    if (whole > 0 || endDue) {
      handOn(whole, wholeBytes, true, meanwhile);
    } else if (isFull()) {
      handOn(records.size(), bytes, false, meanwhile);
    }
  }

  /**
   * The session broke off. Of the transaction in progress nothing must be handed on but what
   * follows a part that is: the rest is read again.
   *
   * @return whether the next session has to start the transaction over
   */
  boolean breakOff() {
    if (cut) {
      return false;
    }
    records.subList(whole, records.size()).clear();
    bytes = wholeBytes;
    open = false;
    return true;
  }

  /** Puts all there is into the queue, however long it takes. */
  void flushAll() throws InterruptedException, SQLException {
    flush(() -> {});
    if (!records.isEmpty()) {
      handOn(records.size(), bytes, false, () -> {});
    }
  }

  private void handOn(int count, long size, boolean complete, Meanwhile meanwhile)
      throws InterruptedException, SQLException {
    List<SourceRecord> rest = new ArrayList<>(records.subList(count, records.size()));
    records.subList(count, records.size()).clear();
    Batch batch = new Batch(records, size, complete, committed);
    committed = null;
    records = rest;
    bytes -= size;
    whole = 0;
    wholeBytes = 0;
    cut = !complete;
    endDue = false;
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
