package dev.tributary.transforms.chain;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;

/** What a member made of a record: enough to give it out once more, and nothing copied. */
sealed interface Outcome {
  Outcome DROPPED = new Dropped();

  /** Of what a member handed on, or null. */
  static Outcome made(SinkRecord result) {
    return result == null ? DROPPED : new Made(result.valueSchema(), result.value());
  }

  /** The result for the same record that has come again; throws what was thrown the first time. */
  SinkRecord again(SinkRecord record);

  /** A value; members change nothing else of a record. */
  record Made(Schema schema, Object value) implements Outcome {
    @Override
    public SinkRecord again(SinkRecord record) {
      return record.newRecord(
          record.topic(),
          record.kafkaPartition(),
          record.keySchema(),
          record.key(),
          schema,
          value,
          record.timestamp());
    }
  }

  /** Nothing comes out. */
  record Dropped() implements Outcome {
    @Override
    public SinkRecord again(SinkRecord record) {
      return null;
    }
  }

  /** The record was an error. */
  record Refused(RuntimeException why) implements Outcome {
    @Override
    public SinkRecord again(SinkRecord record) {
      throw why;
    }
  }
}
