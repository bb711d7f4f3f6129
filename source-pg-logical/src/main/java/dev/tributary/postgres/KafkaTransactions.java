package dev.tributary.postgres;

import dev.tributary.postgres.BatchQueue.Batch;
import dev.tributary.postgres.config.PgSourceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the worker where its Kafka transactions end, where {@code transaction.boundary=connector}:
 * behind each batch that ends where a Postgres transaction does. So many small ones share one, and
 * a large one, which comes in many batches, is in one as a whole. Belongs to Connect's thread.
 */
final class KafkaTransactions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaTransactions.class);

  /** The producer's own, where the worker sets none. */
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

  private static final String CURE =
      "Set "
          + PgSourceConfig.TRANSACTION_TIMEOUT
          + " above the time that the largest transaction takes, and if need be the broker's"
          + " transaction.max.timeout.ms; or transaction.boundary=poll, with which it is seen in parts";

  private final TransactionContext context;
  private final Duration timeout;
  private final boolean known;
  private final LongSupplier nanoTime;

  private boolean open;
  private boolean warned;
  private long since;
  private long records;

  /**
   * @param timeout after which the broker aborts a transaction; empty where the connector's config
   *     does not tell
   */
  KafkaTransactions(TransactionContext context, Optional<Duration> timeout, LongSupplier nanoTime) {
    this.context = context;
    this.timeout = timeout.orElse(DEFAULT_TIMEOUT);
    known = timeout.isPresent();
    this.nanoTime = nanoTime;
  }

  /**
   * The batch for the worker, which commits behind it if it is complete.
   *
   * @throws ConnectException if the transaction takes longer than the broker lets it. The worker
   *     would fail as well, but only with words about a producer's epoch
   */
  List<SourceRecord> bounded(Batch batch) {
    List<SourceRecord> bounded = new ArrayList<>(batch.records().size());
    batch.records().forEach(record -> bounded.add(new Member(record)));
    if (batch.complete()) {
      context.commitTransaction();
      open = false;
    } else {
      stayOpen(bounded.size());
    }
    return bounded;
  }

  private void stayOpen(int count) {
    if (!open) {
      open = true;
      warned = false;
      since = nanoTime.getAsLong();
      records = 0;
    }
    records += count;
    Duration age = age();
    if (known && age.compareTo(timeout) > 0) {
      throw new ConnectException(
          "a transaction of Postgres, of which "
              + records
              + " records were read, has kept a Kafka transaction open for longer than "
              + timeout.toMillis()
              + " ms, after which the broker aborts it. Nothing is lost: it starts over with the"
              + " task. "
              + CURE);
    }
    if (!warned && age.compareTo(timeout.dividedBy(2)) > 0) {
      warned = true;
      log.warn(
          "A transaction of Postgres, of which {} records were read, has kept a Kafka transaction"
              + " open for {} s; after {} s{} the broker aborts it, and the task fails. {}",
          records,
          age.toSeconds(),
          timeout.toSeconds(),
          known ? "" : ", if the worker has set nothing else,",
          CURE);
    }
  }

  private Duration age() {
    return Duration.ofNanos(nanoTime.getAsLong() - since);
  }

  /** Tells what may be behind the producer's failure, if that is why the task ends. */
  @Override
  public void close() {
    if (open && !known && age().compareTo(timeout) > 0) {
      log.error(
          "The task ends in a transaction of Postgres that has kept a Kafka transaction open for {} s."
              + " If it ends since the broker has aborted that: {}",
          age().toSeconds(),
          CURE);
    }
  }

  /**
   * A record of a Kafka transaction. All of them are equal: the worker keeps the records of an open
   * transaction as keys of a map, to hand each to {@code commitRecord}, which this connector does
   * not use. So it keeps one of them, where a transaction of a million rows would fill its heap,
   * and need not compute the hash of every row.
   */
  private static final class Member extends SourceRecord {
    Member(SourceRecord record) {
      super(
          record.sourcePartition(),
          record.sourceOffset(),
          record.topic(),
          record.kafkaPartition(),
          record.keySchema(),
          record.key(),
          record.valueSchema(),
          record.value(),
          record.timestamp(),
          record.headers());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Member;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }
}
