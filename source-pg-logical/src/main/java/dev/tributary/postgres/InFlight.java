package dev.tributary.postgres;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps few records on their way to the broker. Connect's producer takes as many as its buffer
 * holds, by default 32 MB, and each keeps its row alive until the broker has it: tens of thousands
 * of rows, which the garbage collector copies again and again. A few thousand keep the producer as
 * busy.
 *
 * <p>Waits only while acknowledgements come in. Where none comes for a while, the producer waits as
 * well: for a batch to fill ({@code linger.ms}), or for the broker. Then it is given more.
 *
 * <p>Threads: {@link #acknowledged} and {@link #records} are called by any, all else by Connect's.
 */
final class InFlight {
  private final int most;
  private final Duration quiet;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong handed = new AtomicLong();

  /** Of the records that are not acknowledged, how many are not waited for any more. */
  private long givenUp;

  private volatile Thread waiting;
  private volatile long wakeAt = Long.MAX_VALUE;

  /**
   * @param most with how many on their way more are handed on; {@link Integer#MAX_VALUE} where they
   *     are acknowledged long after they are sent, at the end of a transaction
   * @param quiet without acknowledgement, after which the producer is taken to wait itself
   */
  InFlight(int most, Duration quiet) {
    this.most = most;
    this.quiet = quiet;
  }

  /** So many records are handed to Connect. */
  void handed(int records) {
    handed.addAndGet(records);
  }

  /** How many are on their way. */
  long records() {
    return handed.get() - acknowledged.get();
  }

  /** The broker has a record, or a transform has dropped it. */
  void acknowledged() {
    if (acknowledged.incrementAndGet() == wakeAt) {
      LockSupport.unpark(waiting);
    }
  }

  /**
   * Waits until few enough are on their way, or until the producer waits, too.
   *
   * @return whether more may be handed on; false if that was not so in time
   */
  boolean await(Duration timeout) throws InterruptedException {
    long all = handed.get();
    long seen = acknowledged.get();
    givenUp = Math.min(givenUp, all - seen);
    if (all - seen - givenUp <= most) {
      return true;
    }
    waiting = Thread.currentThread();
    wakeAt = all - givenUp - most;
    long begun = System.nanoTime();
    long since = begun;
    for (long now = acknowledged.get(); now < wakeAt; now = acknowledged.get()) {
      if (now > seen) {
        seen = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since >= quiet.toNanos()) {
        givenUp = all - now;
        break;
      }
      long left = begun + timeout.toNanos() - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, Math.min(quiet.toNanos(), left));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    wakeAt = Long.MAX_VALUE;
    return true;
  }
}
