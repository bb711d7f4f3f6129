package dev.tributary.transforms.chain;

import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each member of a sink task's chain a state that holds exactly the partition's records
 * before the one in hand, made from the topic where that is not so already.
 *
 * <p>The first member that a partition's records reach leads. When it gets the record at offset o
 * and is done with o - 1, it goes on. A record that comes again changes no state: it gets what it
 * got the first time, as long as it is one of the latest ({@link Recent}). In a partition it does
 * not know, and after a longer rewind, all states are dropped and made anew from the topic's
 * records before o; after a gap the missing records are read. Historical records go through the
 * leader and the members behind it, as live ones do.
 *
 * <p>That is right only if what goes on between the members is known. So it stops with a {@link
 * ChainError} where something of someone else changes what they read, hands on another record, or
 * lets some records pass a member by. A member that all records of a topic pass by (a predicate on
 * the topic's name) is left out for that topic.
 *
 * <p>Confined to the task's thread.
 */
final class SinkChain {
  private static final Logger LOG = LoggerFactory.getLogger(SinkChain.class);

  /** A shorter gap is read without a look whether a restore would read less. */
  private static final long LONG_GAP = 10_000;

  private static final long UNKNOWN = -1;

  /** What the others get at least before a partition's state is dropped. */
  static final long IDLE_RECORDS = 1_000_000;

  private final List<Stateful<?>> members;
  private final History history;
  private final Tracks tracks;

  /** Null where there are none. */
  private final Snapshots snapshots;

  private final OptionalLong reachMs;
  private boolean toldOfGap;

  /**
   * A chain.
   *
   * @param snapshots null where there are none
   * @param recentRecords of how many of a partition's latest records to keep the results
   * @param idleRecords how many records others get at least before a partition's state is dropped
   */
  SinkChain(
      List<Stateful<?>> members,
      History history,
      Snapshots snapshots,
      int recentRecords,
      long idleRecords) {
    this.members = List.copyOf(members);
    this.history = history;
    this.snapshots = snapshots;
    this.tracks =
        new Tracks(p -> new Track(p, members.size(), recentRecords), this::drop, idleRecords);
    this.reachMs =
        members.stream().anyMatch(m -> m.reachMs().isEmpty())
            ? OptionalLong.empty()
            : members.stream().mapToLong(m -> m.reachMs().getAsLong()).max();
  }

  SinkRecord apply(int member, SinkRecord record) {
    Track track = tracks.of(record);
    if (track.leader == Track.NO_LEADER) {
      track.leader = member;
      track.reset(members);
    }
    if (member == track.leader) {
      tracks.count(track);
      track.again = track.comesAgain(record);
    }
    if (track.again != Recent.NONE) {
      return repeat(track, member, record);
    }
    if (member == track.leader) {
      lead(track, record);
      track.recent.begin(record);
      if (reachMs.isEmpty()) {
        track.cost++;
      }
    } else {
      follow(track, member, record);
    }
    return run(track, member, record);
  }

  /** The task ends. */
  void close() {
    if (snapshots != null) {
      snapshots.close(tracks.all());
    }
  }

  /** Gives out what the member made of the record the first time. */
  private SinkRecord repeat(Track track, int member, SinkRecord record) {
    if (member != track.leader) {
      if (record.originalKafkaOffset() != track.recent.offset(track.again)) {
        throw passedBy(track, Math.min(member, track.leader), record);
      }
      checkHandedOn(track, member, record);
    }
    Outcome outcome = track.recent.get(track.again, member);
    if (outcome == null) {
      throw passedBy(track, member, record);
    }
    members.get(member).cameAgain();
    track.handedOn = null;
    SinkRecord result = outcome.again(record);
    track.handedOn = result;
    return result;
  }

  private void drop(Track track) {
    LOG.info(
        "{} has had no record for long, so its state is dropped. Should it come back to this task,"
            + " it is made again from the topic",
        track.partition);
    if (snapshots != null) {
      snapshots.saveIfWorthIt(track);
    }
    for (int i = 0; i < members.size(); i++) {
      forget(members.get(i), track.states[i]);
    }
    history.forget(track.partition);
  }

  @SuppressWarnings("unchecked") // the state was made by this member
  private static <S> void forget(Stateful<S> member, Object state) {
    member.forget((S) state);
  }

  private void lead(Track track, SinkRecord record) {
    long offset = record.originalKafkaOffset();
    long last = track.last[track.leader];
    if (snapshots != null) {
      snapshots.count(track);
    }
    track.inHand = record;
    if (track.built && offset == last + 1) {
      return;
    }
    long start = UNKNOWN;
    if (track.built && offset > last && track.straggler() >= 0) {
      throw passedBy(track, track.straggler(), record);
    }
    if (track.built && offset - last > LONG_GAP) {
      start = start(track.partition, record);
    }
    if (track.built && offset > last && start <= last + 1) {
      catchUp(track, last + 1, record);
    } else {
      if (track.built && offset <= last) {
        LOG.info(
            "{} was rewound from offset {} to {}, further than the results of the latest records"
                + " are kept (restore.recent.records): its state is made again",
            track.partition,
            last,
            offset);
      }
      track.recent.clear();
      rebuild(track, record, start == UNKNOWN ? start(track.partition, record) : start);
    }
    track.moveTo(offset - 1);
  }

  /** Makes all states anew from the records before the one in hand. */
  private void rebuild(Track track, SinkRecord record, long start) {
    track.reset(members);
    long offset = record.originalKafkaOffset();
    long from = snapshots == null ? start : snapshots.restore(track, record, start);
    Replay replay = new Replay(members, track, snapshots);
    // up to and with the record in hand, to compare it with what stands in the topic
    RebuildVisitor visitor = new RebuildVisitor(members, replay, record);
    history.read(track.partition, from, offset + 1, visitor);
    replay.report(from, offset);
    if (!visitor.found()) {
      checkDeleted(track.partition, record);
    }
    track.built = true;
    track.cost = replay.records();
  }

  private long start(TopicPartition partition, SinkRecord record) {
    OptionalLong earliest =
        members.stream()
            .map(m -> m.eventTime(record))
            .reduce(
                OptionalLong.of(record.timestamp() == null ? Long.MIN_VALUE : record.timestamp()),
                SinkChain::earlier);
    if (reachMs.isEmpty() || earliest.isEmpty() || earliest.getAsLong() == Long.MIN_VALUE) {
      return 0;
    }
    return Math.min(
        record.originalKafkaOffset(),
        history.offsetFor(partition, earliest.getAsLong() - reachMs.getAsLong()));
  }

  private static OptionalLong earlier(OptionalLong a, OptionalLong b) {
    return a.isEmpty() || b.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong()));
  }

  /** Takes in the records that never came live, if the offsets left out hold any. */
  private void catchUp(Track track, long from, SinkRecord record) {
    Replay replay = new Replay(members, track, null);
    history.read(track.partition, from, record.originalKafkaOffset(), replay);
    replay.report(from, record.originalKafkaOffset());
    if (history.passesOver(track.partition, record.originalKafkaOffset())) {
      checkDeleted(track.partition, record);
    }
    if (replay.records() > 0 && !toldOfGap) {
      toldOfGap = true;
      LOG.info(
          "{} records of {} between offsets {} and {} did not come through this task (another task"
              + " had the partition, or a Filter or predicate stands before {}). They are read from"
              + " the topic and count, here and from now on",
          replay.records(),
          track.partition,
          from,
          record.originalKafkaOffset(),
          members.get(track.leader).describe());
    }
  }

  /** A record that the restore does not see must have been deleted by retention. */
  private void checkDeleted(TopicPartition partition, SinkRecord record) {
    if (history.beginning(partition) <= record.originalKafkaOffset()) {
      throw Misplaced.notInTopic(record);
    }
  }

  private void follow(Track track, int member, SinkRecord record) {
    long offset = record.originalKafkaOffset();
    if (member < track.leader || track.bypassed[member] || track.last[track.leader] != offset) {
      throw passedBy(track, member < track.leader ? member : track.leader, record);
    }
    leaveOutBypassed(track, member, record);
    if (track.last[member] != offset - 1) {
      throw passedBy(track, member, record);
    }
    checkHandedOn(track, member, record);
  }

  private void checkHandedOn(Track track, int member, SinkRecord record) {
    if (track.handedOn != record) {
      throw Misplaced.foreignBefore(record, members.get(member));
    }
  }

  /** Members between the leader and this one that the partition's first live record passed by. */
  private void leaveOutBypassed(Track track, int member, SinkRecord record) {
    boolean changed = false;
    for (int i = track.leader + 1; i < member; i++) {
      if (!track.bypassed[i] && track.last[i] != record.originalKafkaOffset()) {
        if (track.reached[i]) {
          throw passedBy(track, i, record);
        }
        track.bypassed[i] = true;
        changed = true;
      }
    }
    if (changed) {
      SinkRecord inHand = track.inHand;
      rebuild(track, inHand, start(track.partition, inHand));
      track.moveTo(inHand.originalKafkaOffset() - 1);
      SinkRecord at = inHand;
      for (int i = track.leader; i < member; i++) {
        if (!track.bypassed[i]) {
          at = process(members.get(i), at, track.states[i]);
        }
        track.last[i] = inHand.originalKafkaOffset();
      }
    }
  }

  private SinkRecord run(Track track, int member, SinkRecord record) {
    long offset = record.originalKafkaOffset();
    track.reached[member] = true;
    track.handedOn = null;
    SinkRecord result = null;
    try {
      result = process(members.get(member), record, track.states[member]);
      track.handedOn = result;
      track.recent.add(member, Outcome.made(result));
      return result;
    } catch (RuntimeException e) {
      track.recent.add(member, new Outcome.Refused(e));
      throw e;
    } catch (Error e) {
      track.built = false; // the state may hold half of the record
      throw e;
    } finally {
      track.last[member] = offset;
      if (result == null) {
        // dropped or refused: it does not come to those behind
        track.moveTo(offset, member);
      }
    }
  }

  @SuppressWarnings("unchecked") // the state was made by this member
  static <S> SinkRecord process(Stateful<S> member, SinkRecord record, Object state) {
    return member.process(record, (S) state);
  }

  private ChainError passedBy(Track track, int member, SinkRecord record) {
    return Misplaced.passedBy(record, track.partition, members.get(member));
  }
}
