package dev.tributary.postgres;

import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Offsets.Stored;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows up to where the slot may be confirmed: what Connect has stored, read back from where
 * Connect stores it.
 *
 * <p>No callback of a task says which offset was stored. {@code commitRecord} comes when the broker
 * has the record, before its offset is written; {@code commit} comes after offsets were written,
 * but records acknowledged in between are not in them. So {@code commit} only is the sign to look.
 *
 * <p>Threads: {@link #look} by Connect's, {@link #stored}, {@link #wasSent} and {@link #startOver}
 * by the reader's; the reading is done by one of its own, since it waits for Kafka.
 */
final class SlotConfirmer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SlotConfirmer.class);

  private final Supplier<Map<String, Object>> offset;
  private final Duration pause;
  private final Semaphore signs = new Semaphore(0);
  private final Thread thread;

  private Stored superseded; // under the lock
  private volatile Lsn stored = Lsn.ZERO;
  private volatile boolean closed;
  private volatile boolean sent;

  /**
   * @param offset reads what Connect has stored; null for nothing
   * @param pause between two readings
   */
  SlotConfirmer(Supplier<Map<String, Object>> offset, Duration pause, String name) {
    this.offset = offset;
    this.pause = pause;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Connect has stored offsets. */
  void look() {
    signs.release();
  }

  /** The broker has a record, so that Connect is going to store its position. Any thread's. */
  void sent() {
    sent = true;
  }

  /** Whether the broker has got a record since this was last asked. */
  boolean wasSent() {
    boolean was = sent;
    sent = false;
    return was;
  }

  /** Everything before this is stored; {@link Lsn#ZERO} as long as nothing is known. */
  Lsn stored() {
    return stored;
  }

  /**
   * A snapshot starts over: what was stored before it says nothing about the stream behind it, on a
   * server that may have been restored to an earlier time.
   *
   * @param before what Connect had stored when that was decided; counts no more, until something
   *     else is stored
   */
  synchronized void startOver(Stored before) {
    superseded = before;
    stored = Lsn.ZERO;
  }

  private synchronized void take(Stored read) {
    if (read instanceof Stored.At at && !read.equals(superseded)) {
      superseded = null;
      stored = Lsn.max(stored, at.position().committed());
    }
  }

  private void run() {
    try {
      while (!closed) {
        signs.acquire();
        signs.drainPermits();
        read();
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void read() {
    try {
      take(Offsets.read(offset.get()));
    } catch (RuntimeException e) {
      if (!closed) {
        log.warn(
            "Could not read back the stored offset; the slot stays confirmed up to {} until it can",
            stored,
            e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
