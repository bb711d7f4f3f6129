package dev.tributary.transforms.chain;

import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends historical records through a partition's leader and the members behind it. */
final class Replay implements History.Visitor {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

  private final List<Stateful<?>> members;
  private final Track track;

  /** Null where there are none to be made of what is read. */
  private final Snapshots snapshots;

  private final int lastMember;
  private long records;
  private long skipped;

  Replay(List<Stateful<?>> members, Track track, Snapshots snapshots) {
    this.members = members;
    this.track = track;
    this.snapshots = snapshots;
    int last = members.size() - 1;
    while (track.bypassed[last]) {
      last--;
    }
    this.lastMember = last;
  }

  @Override
  public void record(SinkRecord record) {
    records++;
    SinkRecord at = record;
    try {
      for (int i = track.leader; i < lastMember && at != null; i++) {
        if (!track.bypassed[i]) {
          at = SinkChain.process(members.get(i), at, track.states[i]);
        }
      }
      if (at != null) {
        absorb(members.get(lastMember), at, track.states[lastMember]);
      }
    } catch (RuntimeException e) {
      // only of these the message is known to hold no data
      skip(
          record.kafkaOffset(),
          e instanceof DataException ? e.getMessage() : e.getClass().getName());
    }
    if (snapshots != null) {
      snapshots.countRestored(track, record);
    }
  }

  @Override
  public void unreadable(long offset, RuntimeException why) {
    records++;
    // without the message: a converter's may quote the record
    skip(offset, "the converter threw " + why.getClass().getName());
  }

  int leader() {
    return track.leader;
  }

  /** How many records there were. */
  long records() {
    return records;
  }

  void report(long from, long to) {
    if (skipped > 0) {
      LOG.warn(
          "Restoring {} from offset {} to {} left {} of {} records out",
          track.partition,
          from,
          to,
          skipped,
          records);
    }
  }

  private void skip(long offset, String why) {
    if (skipped++ == 0) {
      LOG.warn(
          "Restoring {} leaves out the record at offset {}, as it is skipped live with"
              + " errors.tolerance=all: {}. Further ones are only counted",
          track.partition,
          offset,
          why);
    }
  }

  @SuppressWarnings("unchecked") // the state was made by this member
  private static <S> void absorb(Stateful<S> member, SinkRecord record, Object state) {
    member.absorb(record, (S) state);
  }
}
