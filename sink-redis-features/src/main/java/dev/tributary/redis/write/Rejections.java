package dev.tributary.redis.write;

import dev.tributary.common.error.Coordinates;
import java.util.concurrent.ExecutionException;
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
   * @param wait whether to return only when the report is safe
   * @throws ConnectException where nothing tolerates it
   */
  void reject(SinkRecord record, String reason, boolean wait) {
    ConnectException error =
        new ConnectException(Coordinates.of(record) + " cannot be written to Redis: " + reason);
    if (reporter == null) {
      throw error;
    }
    Future<Void> report = reporter.report(record, error);
    // Connect itself waits for it before it commits offsets
    if (wait) {
      await(report, error);
    }
  }

  private static void await(Future<Void> report, ConnectException error) {
    try {
      report.get();
    } catch (ExecutionException e) {
      ConnectException lost =
          new ConnectException("a rejected record could not be reported", e.getCause());
      lost.addSuppressed(error);
      throw lost;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("interrupted while a rejected record was reported", e);
    }
  }
}
