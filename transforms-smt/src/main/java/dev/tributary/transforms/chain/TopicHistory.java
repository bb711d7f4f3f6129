package dev.tributary.transforms.chain;

import java.util.OptionalLong;
import org.apache.kafka.connect.sink.SinkRecord;

/** All that has been written to topics, to be read in the order in which a task wrote it. */
interface TopicHistory extends AutoCloseable {

  /** Takes the records that are read. */
  interface Visitor {

    /**
     * A record.
     *
     * @param written what stands in its header, or null if that is not there
     */
    void record(SinkRecord record, Written written);

    /** There is a record that the converter cannot read. */
    void unreadable(int partition, long offset, RuntimeException why);
  }

  /**
   * Reads a topic's committed records up to its present end; nothing if there is no such topic.
   *
   * @param fromTimestamp leaves out records before the first with at least this timestamp; empty to
   *     read all
   * @param members how many members the chain has
   */
  void read(String topic, OptionalLong fromTimestamp, int members, Visitor visitor);

  @Override
  void close();
}
