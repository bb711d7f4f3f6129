package dev.tributary.transforms.chain;

import dev.tributary.transforms.state.NotStorableException;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the states of a sink's chain down now and then, and puts them back where a restore would
 * make the same ones of the topic. A snapshot changes no result: it is used only if
 *
 * <ul>
 *   <li>it is whole, and of a chain with the same fingerprint, of that topic and partition, the
 *       topic not having been made anew since, nor being compacted;
 *   <li>it is of an offset at or before the record in hand;
 *   <li>the last record in it still stands in the topic as it was;
 *   <li>the topic still holds what a restore would read, and it holds that too; or both begin at
 *       the same offset.
 * </ul>
 *
 * <p>All happens on the task's thread, between two records of a partition, when all members have
 * taken in the same ones. How often: by the interval, and seldom enough to take no more than a
 * hundredth of the time. What fails here is logged, and costs a longer restore.
 */
final class Snapshots {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  /** The clock is looked at no more often than that. */
  private static final int LOOK_EVERY = 256;

  /** Fewer are read again in no time. */
  static final long FEWEST_RECORDS = 10_000;

  private static final int SHARE_OF_TIME = 100;
  private static final long CLOSE_WITHIN = Duration.ofSeconds(2).toNanos();
  private static final long CLEAN_EVERY = Duration.ofHours(1).toNanos();
  private static final long END = 0x5a;

  private final List<Stateful<?>> members;
  private final History history;
  private final SnapshotFiles files;
  private final String fingerprint;
  private final LongSupplier nanos;
  private final long interval;
  private final long fewestRecords;
  private final long lookEvery;

  /**
   * No partition's states are written before; the latest took a hundredth of the time until then.
   */
  private long pauseUntil;

  private long cleanAt;
  private boolean off;

  /**
   * Snapshots of a chain.
   *
   * @param fewestRecords after fewer a snapshot is not worth it
   * @param nanos a clock
   */
  Snapshots(
      List<Stateful<?>> members,
      History history,
      SnapshotFiles files,
      String fingerprint,
      Duration interval,
      long fewestRecords,
      LongSupplier nanos) {
    this.members = members;
    this.history = history;
    this.files = files;
    this.fingerprint = fingerprint;
    this.interval = interval.toNanos();
    this.fewestRecords = fewestRecords;
    this.lookEvery = Math.min(LOOK_EVERY, fewestRecords);
    this.nanos = nanos;
    this.cleanAt = nanos.getAsLong();
    this.pauseUntil = cleanAt;
    for (Stateful<?> member : members) {
      if (!(member instanceof Storable)) {
        LOG.info("There are no snapshots, as {} writes none", member.describe());
        off = true;
      }
    }
  }

  // writing

  /** A track's leader is about to get the next record. */
  void count(Track track) {
    if (track.unsaved >= fewestRecords && track.unsaved % lookEvery == 0 && isDue(track)) {
      saveInStep(track);
    }
    track.unsaved++;
  }

  /**
   * A long restore has taken a record in: should it be cut off, the next one goes on from here, so
   * that it comes to an end however short the time is that the consumer group gives it.
   */
  void countRestored(Track track, SinkRecord record) {
    if (++track.unsaved >= fewestRecords && track.unsaved % lookEvery == 0 && isDue(track)) {
      save(track, record);
    }
  }

  private boolean isDue(Track track) {
    long now = nanos.getAsLong();
    return now - track.savedAt >= interval && now - pauseUntil >= 0;
  }

  /** The task ends: writes what is worth it, but not for long. */
  void close(Collection<Track> tracks) {
    long started = nanos.getAsLong();
    for (Track track : tracks) {
      if (nanos.getAsLong() - started < CLOSE_WITHIN) {
        saveIfWorthIt(track);
      }
    }
  }

  /** A track's states are about to be dropped. */
  void saveIfWorthIt(Track track) {
    if (track.unsaved >= lookEvery) {
      saveInStep(track);
    }
  }

  private void saveInStep(Track track) {
    if (track.isInStep()) {
      save(track, track.inHand);
    }
  }

  /** Writes the states down, into which the records up to the given one have been taken. */
  private void save(Track track, SinkRecord last) {
    if (off || track.topicId == null) {
      return;
    }
    long started = nanos.getAsLong();
    try {
      Snapshot snapshot = describe(track, last);
      long size = files.write(track.partition, snapshot.next(), out -> write(snapshot, track, out));
      LOG.debug("{} bytes hold {} before offset {}", size, track.partition, snapshot.next());
      clean(started);
    } catch (NotStorableException e) {
      LOG.info("There are no snapshots, as {} cannot be written down", e.getMessage());
      off = true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("A snapshot of {} could not be written", track.partition, e);
    }
    long now = nanos.getAsLong();
    pauseUntil = now + SHARE_OF_TIME * (now - started);
    track.savedAt = now;
    track.unsaved = 0;
  }

  private Snapshot describe(Track track, SinkRecord last) {
    return new Snapshot(
        fingerprint,
        track.partition.topic(),
        track.partition.partition(),
        track.topicId,
        track.from,
        last.originalKafkaOffset() + 1,
        timestamp(last),
        digest(track.leader, last),
        track.leader,
        Snapshot.list(track.bypassed));
  }

  private void write(Snapshot snapshot, Track track, StateOutput out) {
    snapshot.write(out);
    for (int i = track.leader; i < members.size(); i++) {
      if (!track.bypassed[i]) {
        write(members.get(i), track.states[i], out);
      }
    }
    out.number(END);
  }

  private void clean(long now) throws IOException {
    if (now - cleanAt >= 0) {
      cleanAt = now + CLEAN_EVERY;
      files.deleteOld();
    }
  }

  // reading

  /**
   * Puts the states of a snapshot into a track that is to be made anew, if there is one that fits.
   *
   * @param start where a restore would begin to read
   * @return where to begin now
   */
  long restore(Track track, SinkRecord inHand, long start) {
    track.unsaved = 0;
    track.savedAt = nanos.getAsLong();
    track.topicId = off ? null : history.topicId(track.partition.topic()).orElse(null);
    if (track.topicId == null) {
      return start;
    }
    long beginning = history.beginning(track.partition);
    track.from = Math.max(start, beginning);
    try {
      for (SnapshotFiles.Found found : files.of(track.partition)) {
        if (found.next() > inHand.originalKafkaOffset() || found.next() <= track.from) {
          continue; // after the record in hand; or of no use, as it holds nothing that matters
        }
        Optional<Snapshot> used = tryOut(found, track, start, beginning);
        if (used.isPresent()) {
          track.from = used.get().from();
          return used.get().next();
        }
        track.reset(members);
      }
    } catch (UncheckedIOException e) {
      LOG.warn("The snapshots of {} could not be read", track.partition, e);
    }
    return start;
  }

  private Optional<Snapshot> tryOut(
      SnapshotFiles.Found found, Track track, long start, long beginning) {
    try {
      Snapshot snapshot = files.read(found.path(), in -> read(in, track, start, beginning));
      LOG.info("State of {} from a snapshot before offset {}", track.partition, snapshot.next());
      return Optional.of(snapshot);
    } catch (IOException | RuntimeException e) {
      LOG.info(
          "The snapshot of {} before offset {} is not used: {}",
          track.partition,
          found.next(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private Snapshot read(StateInput in, Track track, long start, long beginning) {
    Snapshot snapshot = Snapshot.read(in);
    check(snapshot.fingerprint().equals(fingerprint), "other settings or another version made it");
    check(
        snapshot.topic().equals(track.partition.topic())
            && snapshot.partition() == track.partition.partition(),
        "it is of another partition");
    check(snapshot.topicId().equals(track.topicId), "the topic was made anew since");
    check(
        snapshot.leader() == track.leader
            && snapshot.bypassed().equals(Snapshot.list(track.bypassed)),
        "predicates let the records pass other transforms by");
    check(
        snapshot.from() == track.from || (snapshot.from() <= start && beginning <= start),
        "the topic does not begin where it did, so a restore makes another state");
    check(stands(snapshot, track), "the topic holds other records than it did");
    for (int i = track.leader; i < members.size(); i++) {
      if (!track.bypassed[i]) {
        read(members.get(i), in, track.states[i]);
      }
    }
    check(in.number() == END, "it does not end where it should");
    return snapshot;
  }

  /** Whether the last record in a snapshot is in the topic as it was. */
  private boolean stands(Snapshot snapshot, Track track) {
    boolean[] found = new boolean[1];
    history.read(
        track.partition,
        snapshot.last(),
        snapshot.next(),
        new History.Visitor() {
          @Override
          public void record(SinkRecord record) {
            found[0] =
                record.kafkaOffset() == snapshot.last()
                    && timestamp(record) == snapshot.lastTimestamp()
                    && digest(track.leader, record) == snapshot.lastDigest();
          }

          @Override
          public void unreadable(long offset, RuntimeException why) {
            // it was read when it came
          }
        });
    return found[0];
  }

  private static void check(boolean fits, String why) {
    if (!fits) {
      throw new IllegalStateException(why);
    }
  }

  private long digest(int member, SinkRecord record) {
    return Digests.of(members.get(member).reading(record));
  }

  private static long timestamp(SinkRecord record) {
    return record.timestamp() == null ? Snapshot.NO_TIMESTAMP : record.timestamp();
  }

  @SuppressWarnings("unchecked") // the state was made by this member
  private static <S> void write(Stateful<?> member, Object state, StateOutput out) {
    ((Storable<S>) member).write((S) state, out);
  }

  @SuppressWarnings("unchecked") // the state was made by this member
  private static <S> void read(Stateful<?> member, StateInput in, Object state) {
    ((Storable<S>) member).read(in, (S) state);
  }
}
