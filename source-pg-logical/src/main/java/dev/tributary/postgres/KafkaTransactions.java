package dev.tributary.postgres;

import dev.tributary.postgres.BatchQueue.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the worker where its Kafka transactions end, where {@code transaction.boundary=connector}:
 * behind each batch that ends where a Postgres transaction does. So many small ones share one, and
 * a large one, which comes in many batches, is in one as a whole. Belongs to Connect's thread.
 */
final class KafkaTransactions {
  private static final Logger log = LoggerFactory.getLogger(KafkaTransactions.class);

  private final TransactionContext context;
  private final Duration timeout;
  private final LongSupplier nanoTime;

  private boolean open;
  private boolean warned;
  private long since;
  private long records;

  /**
   * @param timeout after which the broker aborts a transaction
   */
  KafkaTransactions(TransactionContext context, Duration timeout, LongSupplier nanoTime) {
    this.context = context;
    this.timeout = timeout;
    this.nanoTime = nanoTime;
  }

  /** The batch for the worker, which commits behind it if it is complete. */
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
    Duration age = Duration.ofNanos(nanoTime.getAsLong() - since);
    if (!warned && age.compareTo(timeout.dividedBy(2)) > 0) {
      warned = true;
      log.warn(
          "A transaction of Postgres, of which {} records are sent, keeps a Kafka transaction open for {} s;"
              + " the broker aborts it after {} s, and the task then fails and starts it over. Raise"
              + " producer.override.transaction.timeout.ms, and if need be the broker's"
              + " transaction.max.timeout.ms",
          records,
          age.toSeconds(),
          timeout.toSeconds());
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
