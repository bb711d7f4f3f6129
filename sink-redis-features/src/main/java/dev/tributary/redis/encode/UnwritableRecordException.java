package dev.tributary.redis.encode;

import org.apache.kafka.connect.errors.DataException;

/** This record can never be written. The message says why, and holds no data of the record. */
public final class UnwritableRecordException extends DataException {
  private static final long serialVersionUID = 1L;

  /** A record that cannot be written for the given reason. */
  public UnwritableRecordException(String message) {
    super(message);
  }
}
