package dev.tributary.redis.write;

import dev.tributary.common.error.Coordinates;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;

/** Where records go that can never be written. */
public final class Rejections {
  private final ErrantRecordReporter reporter;

  /**
   * Rejections that Connect handles by {@code errors.tolerance}.
   *
   * @param reporter null where the worker has none: the first rejection then fails
   */
  public Rejections(ErrantRecordReporter reporter) {
    this.reporter = reporter;
  }

  /**
   * Rejects one record.
   *
   * @throws ConnectException where nothing tolerates it
   */
  void reject(SinkRecord record, String reason) {
    ConnectException error =
        new ConnectException(Coordinates.of(record) + " cannot be written to Redis: " + reason);
    if (reporter == null) {
      throw error;
    }
    // Connect itself waits for it before it commits offsets
    Future<Void> unused = reporter.report(record, error);
  }
}
