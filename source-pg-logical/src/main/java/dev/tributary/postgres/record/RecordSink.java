package dev.tributary.postgres.record;

import org.apache.kafka.connect.source.SourceRecord;

/** Takes records in order. */
@FunctionalInterface
public interface RecordSink {
  /**
   * Takes the next record.
   *
   * @param bytes what the server sent for the record
   */
  void emit(SourceRecord record, int bytes);
}
