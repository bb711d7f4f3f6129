package dev.tributary.transforms.chain;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * One transform's place in the chain of its task. Confined to the task's thread, once records come.
 *
 * @param <S> the transform's state of one partition
 */
public final class Seat<S> {
  private final Chain chain;
  private final int index;
  private final Stateful<S> member;
  private final Map<TopicPartition, Position<S>> partitions = new HashMap<>();
  private final Map<String, S> topics = new HashMap<>();
  private Position<S> current;
  private boolean entered;
  private SourceRecord lastGiven;
  private ConnectRecord<?> lastMade;

  Seat(Chain chain, int index, Stateful<S> member) {
    this.chain = chain;
    this.index = index;
    this.member = member;
  }

  /** Transforms a record with the state of its partition. */
  public <R extends ConnectRecord<R>> R apply(R record) {
    if (!entered) {
      chain.enter(index);
      entered = true;
    }
    if (record instanceof SinkRecord sink) {
      return as(chain.restores() ? chain.sinkChain().apply(index, sink) : applyOnce(sink));
    }
    if (record instanceof SourceRecord source) {
      return as(applyOfSource(source));
    }
    throw new ConnectException(
        "neither a sink's nor a source's record but a " + record.getClass().getName());
  }

  /** Gives up the place. */
  public void close() {
    chain.leave();
    partitions.clear();
    current = null;
    topics.clear();
    lastGiven = null;
    lastMade = null;
  }

  /** Without restore: what comes again changes nothing. */
  private SinkRecord applyOnce(SinkRecord record) {
    Position<S> position = position(record);
    if (record.originalKafkaOffset() <= position.last) {
      member.cameAgain();
      return member.repeat(record, position.state);
    }
    position.last = record.originalKafkaOffset();
    return member.process(record, position.state);
  }

  private Position<S> position(SinkRecord record) {
    if (current == null
        || current.partition.partition() != record.originalKafkaPartition()
        || !current.partition.topic().equals(record.originalTopic())) {
      current =
          partitions.computeIfAbsent(
              new TopicPartition(record.originalTopic(), record.originalKafkaPartition()),
              p -> new Position<>(p, member.newState(p)));
    }
    return current;
  }

  /**
   * A source task gives the very same record again when sending it failed, and it is then the last
   * one. Its source offset says less: rows of one snapshot or transaction may share it.
   */
  @SuppressWarnings("ReferenceEquality") // an equal one may be another row's
  private ConnectRecord<?> applyOfSource(SourceRecord record) {
    if (record != lastGiven) {
      String topic = record.topic() == null ? "" : record.topic();
      lastGiven = record;
      lastMade = null;
      lastMade =
          chain.restores()
              ? chain.sourceChain().apply(index, record)
              : member.process(
                  record,
                  topics.computeIfAbsent(topic, t -> member.newState(new TopicPartition(t, 0))));
    }
    return lastMade;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // a transform keeps the type
  private static <R> R as(ConnectRecord<?> record) {
    return (R) record;
  }

  private static final class Position<S> {
    final TopicPartition partition;
    final S state;
    long last = -1;

    Position(TopicPartition partition, S state) {
      this.partition = partition;
      this.state = state;
    }
  }
}
