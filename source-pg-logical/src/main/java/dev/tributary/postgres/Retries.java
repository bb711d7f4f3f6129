package dev.tributary.postgres;

import dev.tributary.common.error.Backoff;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.ReplicationKeys;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.replication.PgErrors;
import dev.tributary.postgres.replication.Problem;
import dev.tributary.postgres.replication.ProblemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits between two attempts, and gives up after the last. Belongs to the reader's thread. */
final class Retries {
  private static final Logger log = LoggerFactory.getLogger(Retries.class);

  private final PgSourceConfig config;
  private final Backoff backoff;

  private int failures;
  private int slotFailures;

  Retries(PgSourceConfig config) {
    this.config = config;
    backoff = config.backoff();
  }

  /** The server was there; the next outage is the first one again. */
  void connected() {
    failures = 0;
  }

  /** The slot was there, too. */
  void succeeded() {
    failures = 0;
    slotFailures = 0;
  }

  /**
   * Waits, longer each time.
   *
   * @param position where the next session goes on, for the log
   * @throws ProblemException if that was the last attempt
   */
  void waitForServer(SQLException error, Stored position) throws InterruptedException {
    failures++;
    if (failures > config.maxRetries()) {
      throw new ProblemException(PgErrors.connecting(error, config.connection()), error);
    }
    Duration delay = backoff.after(failures, ThreadLocalRandom.current());
    log.warn(
        "Lost {} ({}). Attempt {} in {} ms, going on from {}",
        config.connection().address(),
        error.getMessage(),
        failures,
        delay.toMillis(),
        position);
    Thread.sleep(delay.toMillis());
  }

  /**
   * Waits until the session that holds the slot may have ended.
   *
   * @throws ProblemException if that was the last attempt
   */
  void waitForSlot(SQLException error) throws InterruptedException {
    slotFailures++;
    if (slotFailures > config.slotRetries()) {
      throw new ProblemException(
          new Problem(
              ReplicationKeys.SLOT_NAME,
              error.getMessage()
                  + ". Each connector needs a slot of its own: set another slot.name, or end the"
                  + " session that holds this one (select pg_terminate_backend(pid))"),
          error);
    }
    log.warn(
        "{}. Attempt {} of {} in {} ms",
        error.getMessage(),
        slotFailures,
        config.slotRetries(),
        config.slotRetryDelay().toMillis());
    Thread.sleep(config.slotRetryDelay().toMillis());
  }
}
