package dev.tributary.clickhouse.insert;

import dev.tributary.common.error.Coordinates;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where records go that can never be written. */
final class Rejects {
  private static final Logger LOG = LoggerFactory.getLogger(Rejects.class);

  private final ErrantRecordReporter reporter;
  private final boolean tolerated;
  private final SinkMetrics metrics;

  /**
   * @param reporter null where neither a dead letter queue nor error logging is set up
   * @param tolerated whether {@code errors.tolerance} is {@code all}
   */
  Rejects(ErrantRecordReporter reporter, boolean tolerated, SinkMetrics metrics) {
    this.metrics = metrics;
    this.reporter = reporter;
    this.tolerated = tolerated;
  }

  /** Whether {@link #reject} wants the record itself, so that it has to be kept with its row. */
  boolean wantRecords() {
    return reporter != null;
  }

  void reject(SinkRecord record, String table, String reason) {
    reject(record, Coordinates.of(record), table, reason);
  }

  /**
   * Rejects one record.
   *
   * @param record may be null where {@link #wantRecords} is false
   * @throws ConnectException if nothing tolerates a rejected record
   */
  void reject(SinkRecord record, String where, String table, String reason) {
    String message = "The record cannot be written to table " + table + ": " + reason;
    DataException error = new DataException(message + " (" + where + ")");
    metrics.rejected();
    if (reporter != null) {
      // Connect itself waits for the report before it commits the offset
      var unused = reporter.report(record, error);
    } else if (tolerated) {
      LOG.warn("{} ({}). It is left out, as errors.tolerance is 'all'", message, where);
    } else {
      throw new ConnectException(
          error.getMessage()
              + ". To go on without such records, set errors.tolerance to 'all' and name a dead"
              + " letter queue",
          error);
    }
  }
}
