package dev.tributary.transforms.chain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each member of a source task's chain a state that holds what the task has written so far:
 * before a topic's first record the topic is read back.
 *
 * <p>One state per topic, as one task sees all of it. The order in which records were written is
 * lost where a topic has several partitions, and what a member read may be lost where something
 * behind it changes the row. So each record goes out with a header ({@link Written}) that says its
 * place and, per member, a digest of what it read. When the topic is read back, partitions are
 * merged by it, each member takes in exactly the records that it had, and a record that no longer
 * says what a member had read stops the task. Foreign transforms between the members are fine as
 * long as they let that be.
 *
 * <p>With exactly-once the topic holds a record if and only if the source's offset is behind it. So
 * the state is exact. Without, records that a source sends again after a crash stand in the topic
 * twice, and count twice.
 *
 * <p>Confined to the task's thread.
 */
final class SourceChain {
  private static final Logger LOG = LoggerFactory.getLogger(SourceChain.class);

  private final List<Stateful<?>> members;
  private final TopicHistory history;
  private final String topicTemplate;
  private final Map<String, Topic> topics = new HashMap<>();

  /** The record that is on its way through the members. */
  private Topic current;

  private Written written;
  private String writtenText;

  /** What is known of a topic. */
  private static final class Topic {
    final Object[] states;
    long epoch;
    long number;

    Topic(int members) {
      this.states = new Object[members];
    }
  }

  SourceChain(List<Stateful<?>> members, TopicHistory history, String topicTemplate) {
    this.members = List.copyOf(members);
    this.history = history;
    this.topicTemplate = topicTemplate;
  }

  SourceRecord apply(int member, SourceRecord record) {
    if (!isOnItsWay(record)) {
      current = topic(record);
      written = Written.first(current.epoch, ++current.number, members.size());
    }
    written = written.with(member, Digests.of(members.get(member).reading(record)));
    SourceRecord made = process(members.get(member), record, current.states[member]);
    if (made == null) {
      writtenText = null;
      return null;
    }
    writtenText = written.text();
    Headers headers = made.headers().duplicate();
    headers.remove(Written.HEADER);
    headers.addString(Written.HEADER, writtenText);
    return made.newRecord(
        made.topic(),
        made.kafkaPartition(),
        made.keySchema(),
        made.key(),
        made.valueSchema(),
        made.value(),
        made.timestamp(),
        headers);
  }

  void close() {
    history.close();
  }

  private boolean isOnItsWay(SourceRecord record) {
    Header header = record.headers().lastWithName(Written.HEADER);
    return header != null && writtenText != null && writtenText.equals(header.value());
  }

  private Topic topic(SourceRecord record) {
    String name = record.topic() == null ? "" : record.topic();
    Topic topic = topics.get(name);
    if (topic == null) {
      topic = new Topic(members.size());
      for (int i = 0; i < topic.states.length; i++) {
        topic.states[i] = members.get(i).newState(new TopicPartition(name, 0));
      }
      Back back = new Back(topic);
      history.read(topicTemplate.replace("${topic}", name), from(record), members.size(), back);
      back.report(name);
      // no earlier start may have the same, should nothing of it have been read
      topic.epoch = Math.max(back.epoch + 1, System.currentTimeMillis());
      topics.put(name, topic);
    }
    return topic;
  }

  /** From when on the records matter, or empty if all do. */
  private OptionalLong from(SourceRecord record) {
    long from = record.timestamp() == null ? Long.MAX_VALUE : record.timestamp();
    long reach = 0;
    for (Stateful<?> member : members) {
      OptionalLong time = member.eventTime(record);
      OptionalLong reachMs = member.reachMs();
      if (time.isEmpty() || reachMs.isEmpty()) {
        return OptionalLong.empty();
      }
      from = Math.min(from, time.getAsLong());
      reach = Math.max(reach, reachMs.getAsLong());
    }
    return OptionalLong.of(from < Long.MIN_VALUE + reach ? 0 : from - reach);
  }

  /** Takes in what stands in the topic. */
  private final class Back implements TopicHistory.Visitor {
    private final Topic topic;
    private long epoch;
    private Written last;
    private long records;
    private long missing;
    private long skipped;

    Back(Topic topic) {
      this.topic = topic;
    }

    @Override
    public void record(SinkRecord record, Written written) {
      records++;
      if (written != null) {
        epoch = Math.max(epoch, written.epoch());
        if (last != null && !written.follows(last)) {
          missing += written.number() - last.number() - 1;
        }
        last = written;
      }
      for (int i = 0; i < topic.states.length; i++) {
        if (written == null) {
          absorbUnmarked(i, record);
        } else if (written.digests()[i] != Written.NOT_READ) {
          check(i, record, written);
          absorb(members.get(i), record, topic.states[i]);
        }
      }
    }

    private void check(int member, SinkRecord record, Written written) {
      if (Digests.of(members.get(member).reading(record)) != written.digests()[member]) {
        throw Misplaced.changedBehind(record, members.get(member));
      }
    }

    /** Written before the state was restored from the topic, or by something else. */
    private void absorbUnmarked(int member, SinkRecord record) {
      try {
        absorb(members.get(member), record, topic.states[member]);
      } catch (DataException e) {
        skipped++;
      }
    }

    @Override
    public void unreadable(int partition, long offset, RuntimeException why) {
      // without the cause: a converter's message may quote the record
      throw new ChainError(
          "partition "
              + partition
              + ", offset "
              + offset
              + ": the restore cannot read this record ("
              + why.getClass().getSimpleName()
              + "). Set restore.value.converter and restore.value.converter.* to what the"
              + " connector's value.converter is");
    }

    void report(String name) {
      if (missing > 0) {
        LOG.warn(
            "Restoring topic '{}': {} records that the transforms with state took in are not in it."
                + " They were dropped behind them (a Filter, errors.tolerance, late=drop) or"
                + " deleted by compaction. What they did to the state is not restored",
            name,
            missing);
      }
      if (skipped > 0) {
        LOG.warn("Restoring topic '{}' left out {} of {} records", name, skipped, records);
      }
    }
  }

  @SuppressWarnings("unchecked") // the state was made by this member
  private static <S> SourceRecord process(Stateful<S> member, SourceRecord record, Object state) {
    return member.process(record, (S) state);
  }

  @SuppressWarnings("unchecked") // the state was made by this member
  private static <S> void absorb(Stateful<S> member, SinkRecord record, Object state) {
    member.absorb(record, (S) state);
  }
}
