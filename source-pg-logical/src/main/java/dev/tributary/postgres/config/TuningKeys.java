package dev.tributary.postgres.config;

import org.apache.kafka.common.config.ConfigDef;

/** Queues and intervals. */
public final class TuningKeys {
  public static final String MAX_BATCH = "max.batch.size";
  public static final String MAX_QUEUE = "max.queue.size";
  public static final String MAX_QUEUE_BYTES = "max.queue.size.in.bytes";
  public static final String POLL_INTERVAL = "poll.interval.ms";
  public static final String STATUS_INTERVAL = "status.update.interval.ms";

  /**
   * What the reader and Connect need to keep each other busy; more would only be alive for longer.
   */
  static final int READ_AHEAD = 2_048;

  private TuningKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Tuning")
        .key(
            MAX_BATCH,
            ConfigDef.Type.INT,
            READ_AHEAD,
            ConfigDef.Range.atLeast(1),
            "Batch size",
            "Most records that one poll returns; a transaction of Postgres with no more records is never divided. More than the default makes nothing faster, but with exactly.once.support=required and transaction.boundary=poll, where each poll is a transaction of Kafka.")
        .key(
            MAX_QUEUE,
            ConfigDef.Type.INT,
            8_192,
            ConfigDef.Range.atLeast(1),
            "Queue size",
            "Most records that wait for Connect to poll them. The connector keeps it at 2048, or at max.batch.size if that is more: what waits is alive in the heap, and more of it makes nothing faster.")
        .key(
            MAX_QUEUE_BYTES,
            ConfigDef.Type.LONG,
            64L << 20,
            ConfigDef.Range.atLeast(0),
            "Queue size in bytes",
            "Most bytes, as read from the server, of the records that wait for Connect to poll them. 0 for no limit.")
        .key(
            POLL_INTERVAL,
            ConfigDef.Type.LONG,
            100L,
            ConfigDef.Range.atLeast(1),
            "Poll interval",
            "Longest time in milliseconds that a poll waits for records. Records are handed on as soon as they are there, so this adds no latency.")
        .key(
            STATUS_INTERVAL,
            ConfigDef.Type.INT,
            5_000,
            ConfigDef.Range.atLeast(1),
            "Status interval",
            "Milliseconds between the status messages that tell the server which position is confirmed.");
  }
}
