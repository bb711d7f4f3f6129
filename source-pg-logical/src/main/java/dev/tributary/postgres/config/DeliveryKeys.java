package dev.tributary.postgres.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** How positions and transactions are carried on. */
public final class DeliveryKeys {
  /** Connect's own key, which the worker reads; defined here for what it means to this source. */
  public static final String TRANSACTION_BOUNDARY = "transaction.boundary";

  public static final String HEARTBEAT_ACTION_QUERY = "heartbeat.action.query";

  private DeliveryKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Delivery")
        .choice(
            TRANSACTION_BOUNDARY,
            "poll",
            List.of("connector", "poll", "interval"),
            "Transaction boundary",
            "Where Kafka transactions end, on workers with exactly.once.source.support=enabled. connector: where transactions of Postgres end, so that a read_committed consumer never sees part of one, however large; many small ones share a Kafka transaction. For large ones raise producer.override.transaction.timeout.ms (one minute by default), after which the broker aborts what is not complete. poll: a transaction of Postgres with more records than max.batch.size, or more bytes than a quarter of max.queue.size.in.bytes, is seen in parts. interval: any transaction may be seen in parts.")
        .key(
            HEARTBEAT_ACTION_QUERY,
            ConfigDef.Type.STRING,
            "",
            null,
            "Heartbeat statement",
            "SQL that is executed in the database at each heartbeat.interval.ms while changes are streamed. Not needed to let go of the log: positions advance by the server's keepalives. For those whose setup waits for a change in this very database, such as a table of heartbeats.");
  }
}
