package dev.tributary.postgres.record;

import dev.tributary.postgres.position.Lsn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * Counts the records of the open transaction, for the {@code transaction} block of records and for
 * the records that tell of begins and ends. Belongs to one thread.
 *
 * <p>What is skipped after a restart in the middle of a transaction is counted as well, so that the
 * numbers go on where they were.
 */
final class TransactionLog {
  static final Schema KEY =
      SchemaBuilder.struct()
          .name("io.debezium.connector.common.TransactionMetadataKey")
          .version(1)
          .field("id", Schema.STRING_SCHEMA)
          .build();
  private static final Schema COLLECTION =
      SchemaBuilder.struct()
          .name("event.collection")
          .version(1)
          .optional()
          .field("data_collection", Schema.STRING_SCHEMA)
          .field("event_count", Schema.INT64_SCHEMA)
          .build();
  static final Schema VALUE =
      SchemaBuilder.struct()
          .name("io.debezium.connector.common.TransactionMetadataValue")
          .version(1)
          .field("status", Schema.STRING_SCHEMA)
          .field("id", Schema.STRING_SCHEMA)
          .field("event_count", Schema.OPTIONAL_INT64_SCHEMA)
          .field("data_collections", SchemaBuilder.array(COLLECTION).optional().build())
          .field("ts_ms", Schema.INT64_SCHEMA)
          .build();

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private long total;
  private Lsn beginLsn = Lsn.ZERO;
  private ChangeOrigin origin;

  /** A transaction starts. */
  void begin(ChangeOrigin transaction, Lsn lsn) {
    counts.clear();
    total = 0;
    origin = transaction;
    beginLsn = lsn;
  }

  /**
   * Counts a record.
   *
   * @param collection its table or, for a logical message, {@code message}
   * @return the block that tells its place in the transaction
   */
  Struct count(String collection, Lsn lsn) {
    total++;
    return new Struct(Envelope.TRANSACTION_SCHEMA)
        .put("id", id(lsn))
        .put("total_order", total)
        .put("data_collection_order", counts.merge(collection, 1L, Long::sum));
  }

  /** Debezium's: of the transaction and of where in the log it is told. */
  private String id(Lsn lsn) {
    return origin.xid() + ":" + lsn.value();
  }

  Struct beginning() {
    return value("BEGIN", beginLsn);
  }

  /** The end, which is told at an LSN. */
  Struct end(Lsn lsn) {
    List<Struct> collections = new ArrayList<>();
    counts.forEach(
        (name, count) ->
            collections.add(
                new Struct(COLLECTION).put("data_collection", name).put("event_count", count)));
    return value("END", lsn).put("event_count", total).put("data_collections", collections);
  }

  private Struct value(String status, Lsn lsn) {
    return new Struct(VALUE)
        .put("status", status)
        .put("id", id(lsn))
        .put("ts_ms", Math.floorDiv(origin.timeMicros(), 1000L));
  }
}
