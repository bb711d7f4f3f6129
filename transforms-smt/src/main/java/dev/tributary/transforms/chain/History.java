package dev.tributary.transforms.chain;

import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** The records of topics, to be read again. */
interface History extends AutoCloseable {

  /** Takes the records that are read, in the order of their offsets. */
  interface Visitor {
    void record(SinkRecord record);

    /** There is a record that the converter cannot read. */
    void unreadable(long offset, RuntimeException why);
  }

  /**
   * The first offset from which on all records with at least this timestamp stand; 0 if that is not
   * known.
   */
  long offsetFor(TopicPartition partition, long epochMillis);

  /**
   * Reads the records from one offset to before another, as far as the topic still has them. What
   * stands before {@code to} must be there: the caller holds a record of that offset or the next.
   */
  void read(TopicPartition partition, long from, long to, Visitor visitor);

  /**
   * Whether what has been fetched already reaches past an offset that nothing has been read from
   * yet, and holds no record there. False where that is not known.
   */
  boolean passesOver(TopicPartition partition, long offset);

  /**
   * What tells a topic from those that had or will have the same name. Empty if that is not known,
   * and where records are deleted out of its middle, as what a topic holds is then no matter of
   * where it begins and ends.
   */
  Optional<String> topicId(String topic);

  /** The first offset that the topic still has. */
  long beginning(TopicPartition partition);

  /** Lets go of what is kept for a partition. */
  void forget(TopicPartition partition);

  @Override
  void close();
}
