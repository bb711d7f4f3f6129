package dev.tributary.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Hands batches of records from the reader's thread to Connect's. Bounded in records and in bytes;
 * locked once for a batch, not for each record. A batch is never divided, so that the records of
 * one change stay together.
 *
 * <p>The reader calls {@link #offer} and {@link #fail}, Connect's thread {@link #poll}.
 */
final class BatchQueue {
  /** What is polled is in memory besides what waits: it is a part of that, not as much again. */
  private static final int POLLS = 4;

  private final int maxRecords;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();

  // under the lock
  private final Deque<Batch> batches = new ArrayDeque<>();
  private int records;
  private long bytes;
  private Throwable failure;

  /**
   * Records that belong together.
   *
   * @param records none for the end of a transaction of which all are handed on
   * @param bytes what the server sent for them
   * @param complete whether no transaction is in progress behind the last one
   * @param committed when the last transaction that is complete with them was committed; null for
   *     none
   */
  record Batch(List<SourceRecord> records, long bytes, boolean complete, Instant committed) {
    Batch(List<SourceRecord> records, long bytes, boolean complete) {
      this(records, bytes, complete, null);
    }
  }

  BatchQueue(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /** How many records there may be. */
  int capacity() {
    return maxRecords;
  }

  /** How many more there may be. */
  int remaining() {
    lock.lock();
    try {
      return Math.max(0, maxRecords - records);
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes there may be. */
  long maxBytes() {
    return maxBytes;
  }

  /** How many there are. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a batch. One that is larger than the bounds gets in when nothing else is there.
   *
   * @return false if there was no room for it in time
   */
  boolean offer(Batch batch, Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = timeout.toNanos();
      while (!hasRoomFor(batch)) {
        if (nanos <= 0) {
          return false;
        }
        nanos = drained.awaitNanos(nanos);
      }
      batches.add(batch);
      records += batch.records().size();
      bytes += batch.bytes();
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoomFor(Batch batch) {
    return batches.isEmpty()
        || (records + batch.records().size() <= maxRecords && bytes + batch.bytes() <= maxBytes);
  }

  /** Makes {@link #poll} fail, once what is in the queue is taken. The first failure stays. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what is there, or waits for it.
   *
   * @param max as many whole batches as have this many records, and a quarter of the bytes that may
   *     wait, but at least one; a transaction that comes in several is not mixed with complete ones
   *     before it
   * @return null if nothing came in time
   * @throws ReaderFailedException if the reader failed and everything before that is taken
   */
  Batch poll(int max, Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = timeout.toNanos();
      while (batches.isEmpty() && failure == null && nanos > 0) {
        nanos = filled.awaitNanos(nanos);
      }
      if (batches.isEmpty()) {
        if (failure != null) {
          throw new ReaderFailedException(failure);
        }
        return null;
      }
      Batch taken = take(max);
      drained.signal();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private Batch take(int max) {
    Batch taken = remove();
    if (!isNextWith(taken, max)) {
      return taken;
    }
    List<SourceRecord> several = new ArrayList<>(taken.records());
    while (isNextWith(taken, max)) {
      Batch next = remove();
      several.addAll(next.records());
      Instant committed = next.committed() == null ? taken.committed() : next.committed();
      taken = new Batch(several, taken.bytes() + next.bytes(), next.complete(), committed);
    }
    return taken;
  }

  /** Whether the next batch goes with what is taken. */
  private boolean isNextWith(Batch taken, int max) {
    Batch next = batches.peek();
    return next != null
        && (next.complete() || !taken.complete())
        && taken.records().size() + next.records().size() <= max
        && taken.bytes() + next.bytes() <= maxBytes / POLLS;
  }

  private Batch remove() {
    Batch batch = batches.remove();
    records -= batch.records().size();
    bytes -= batch.bytes();
    return batch;
  }

  /** The reader's first failure, as the cause. */
  static final class ReaderFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReaderFailedException(Throwable cause) {
      super(cause);
    }
  }
}
