package dev.tributary.redis.encode;

import org.apache.kafka.connect.errors.DataException;

/** This record can never be written. The message says why, and holds no data of the record. */
public class UnwritableRecordException extends DataException {
  private static final long serialVersionUID = 1L;

  /** A record that cannot be written for the given reason. */
  public UnwritableRecordException(String message) {
    super(message);
  }

  /** A record with a value that Postgres did not send, where it would be lost in Redis. */
  static UnwritableRecordException unavailable(String field) {
    return new UnwritableRecordException(
        "field '"
            + field
            + "' is not known, as Postgres did not send the unchanged large value, and would be"
            + " lost in Redis; write in a mode that merges (redis.hash.mode, redis.json.mode), or"
            + " set REPLICA IDENTITY FULL on the source table");
  }
}
