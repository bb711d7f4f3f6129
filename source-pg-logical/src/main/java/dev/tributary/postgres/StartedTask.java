package dev.tributary.postgres;

import dev.tributary.common.Versions;
import dev.tributary.common.config.Validators;
import dev.tributary.postgres.BatchQueue.Batch;
import dev.tributary.postgres.BatchQueue.ReaderFailedException;
import dev.tributary.postgres.config.DeliveryKeys;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.record.Naming;
import dev.tributary.postgres.record.Operations;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.RecordSettings;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.Slots;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running task: owns the reader's thread, the queue and the confirmer. */
final class StartedTask implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StartedTask.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  /** Records on their way to the broker, of which more would only fill the producer's buffer. */
  private static final int IN_FLIGHT = 2_048;

  private static final Duration QUIET = Duration.ofMillis(20);

  private final PgSourceConfig config;
  private final String heartbeatTopic;
  private final BatchQueue queue;
  private final KafkaTransactions transactions;
  private final InFlight inFlight;
  private final SourceMetrics metrics = new SourceMetrics();
  private final SlotConfirmer confirmer;
  private final ChangeReader reader;
  private final Thread thread;

  /**
   * @param offset reads what Connect has stored; null for nothing
   * @param boundaries takes the ends of Kafka transactions; null where the worker sets them itself
   */
  StartedTask(
      PgSourceConfig config, Supplier<Map<String, Object>> offset, TransactionContext boundaries) {
    this.config = config;
    heartbeatTopic = config.heartbeatTopic();
    transactions =
        boundaries == null
            ? null
            : new KafkaTransactions(boundaries, config.transactionTimeout(), System::nanoTime);
    inFlight = new InFlight(config.boundsByPoll() ? IN_FLIGHT : Integer.MAX_VALUE, QUIET);
    log.info("Starting on {}: {}", config.connection().address(), stored(offset.get()));
    if (boundaries == null && config.requiresExactlyOnce()) {
      log.warn(
          "A transaction of Postgres with more than max.batch.size={} records is seen in parts by"
              + " read_committed consumers; set {}=connector to have it seen as a whole",
          config.maxBatch(),
          DeliveryKeys.TRANSACTION_BOUNDARY);
    }
    queue = new BatchQueue(config.readAhead(), config.maxQueueBytes());
    String name = "tributary-postgres-" + config.topicPrefix();
    confirmer = new SlotConfirmer(offset, config.statusInterval(), name + "-confirmer");
    confirmer.look();
    reader =
        new ChangeReader(
            config, factory(config), queue, () -> stored(offset.get()), confirmer, metrics);
    thread = new Thread(reader, name + "-reader");
    thread.setDaemon(true);
    metrics.register(config, queue, inFlight);
    thread.start();
  }

  private static Offsets.Stored stored(Map<String, Object> offset) {
    try {
      return Offsets.read(offset);
    } catch (IllegalArgumentException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  static RecordFactory factory(PgSourceConfig config) {
    RecordSettings settings =
        new RecordSettings(
            naming(config),
            config.connection().database(),
            Versions.of(StartedTask.class),
            config.contextHeaders() ? UUID.randomUUID().toString() : null,
            config.tombstones(),
            config.messageKeys(),
            config.heartbeatTopic(),
            config.types(),
            config.columns(),
            Operations.without(
                config.skippedOperations(),
                !config.skipsUnchanged(),
                config.includedMessages(),
                config.excludedMessages()),
            config.tellsTransactions(),
            config.rowFormat().orElse(null));
    return new RecordFactory(settings, InstantSource.system());
  }

  private static Naming naming(PgSourceConfig config) {
    return new Naming(
        config.topicPrefix(),
        config.topicDelimiter(),
        config.transactionTopic(),
        Validators.constant(Naming.Adjustment.class, config.schemaNames()),
        Validators.constant(Naming.Adjustment.class, config.fieldNames()));
  }

  /** What was read since, or null after the poll interval. */
  List<SourceRecord> poll() throws InterruptedException {
    try {
      if (!inFlight.await(config.pollInterval())) {
        return null;
      }
      Batch batch = queue.poll(config.maxBatch(), config.pollInterval());
      if (batch == null) {
        return null;
      }
      inFlight.handed(batch.records().size());
      metrics.emitted(batch.records().size(), batch.committed());
      return transactions == null ? batch.records() : transactions.bounded(batch);
    } catch (ReaderFailedException e) {
      Throwable cause = e.getCause();
      throw cause instanceof ProblemException
          ? new ConnectException(cause.getMessage(), cause)
          : new ConnectException("reading from Postgres failed: " + cause.getMessage(), cause);
    }
  }

  /**
   * The broker has a record, or a transform has dropped it. Called by any thread.
   *
   * @param where null if it was dropped
   */
  void acknowledged(SourceRecord record, RecordMetadata where) {
    inFlight.acknowledged();
    if (where != null && !record.topic().equals(heartbeatTopic)) {
      confirmer.sent();
    }
  }

  /** Connect has stored offsets. */
  void stored() {
    confirmer.look();
  }

  @Override
  public void close() {
    metrics.close();
    if (transactions != null) {
      transactions.close();
    }
    confirmer.close();
    reader.stop();
    thread.interrupt();
    try {
      thread.join(STOP_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("The reader has not ended within {} s", STOP_PATIENCE.toSeconds());
    }
    if (config.dropsSlotOnStop()) {
      dropSlot();
    }
  }

  /** The server may need a moment to see that the session is gone. */
  private void dropSlot() {
    long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
    while (true) {
      try (Connection connection = new Sessions(config.connection()).sql()) {
        if (Slots.find(connection, config.slot()).isPresent()) {
          Slots.drop(connection, config.slot());
          log.info("Dropped slot '{}', as slot.drop.on.stop asks", config.slot());
        }
        return;
      } catch (SQLException e) {
        if (System.nanoTime() - deadline > 0) {
          log.warn("Could not drop slot '{}'", config.slot(), e);
          return;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
