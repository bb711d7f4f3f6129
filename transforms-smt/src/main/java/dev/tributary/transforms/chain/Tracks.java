package dev.tributary.transforms.chain;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The tracks of a task's partitions. Connect does not tell a transform which partitions have moved
 * away, so the one that gets no record while the others get very many is dropped; should it come
 * back, it is made again from the topic.
 *
 * <p>How many are very many depends on what that would cost: at least a fixed number, and several
 * times the records that its restore would read. So a quiet partition with a long history is not
 * restored over and over.
 */
final class Tracks {
  private static final int TIMES_THE_COST = 4;
  private static final int SWEEPS = 16;

  private final Map<TopicPartition, Track> tracks = new HashMap<>();
  private final Function<TopicPartition, Track> maker;
  private final Consumer<Track> dropped;
  private final long idleRecords;
  private Track current;
  private long records;
  private long nextSweep;

  /**
   * No tracks yet.
   *
   * @param idleRecords how many records the others get at least before one is dropped
   */
  Tracks(Function<TopicPartition, Track> maker, Consumer<Track> dropped, long idleRecords) {
    this.maker = maker;
    this.dropped = dropped;
    this.idleRecords = idleRecords;
    this.nextSweep = interval();
  }

  /** The track of a record's partition. */
  Track of(SinkRecord record) {
    Track track = current;
    if (track == null
        || track.partition.partition() != record.originalKafkaPartition()
        || !track.partition.topic().equals(record.originalTopic())) {
      track =
          tracks.computeIfAbsent(
              new TopicPartition(record.originalTopic(), record.originalKafkaPartition()), maker);
      current = track;
    }
    return track;
  }

  /** A track's leader gets a record. */
  void count(Track track) {
    track.countedAt = ++records;
    if (records >= nextSweep) {
      nextSweep = records + interval();
      sweep();
    }
  }

  Collection<Track> all() {
    return tracks.values();
  }

  private long interval() {
    return Math.max(1, idleRecords / SWEEPS);
  }

  private void sweep() {
    Iterator<Track> all = tracks.values().iterator();
    while (all.hasNext()) {
      Track track = all.next();
      if (records - track.countedAt > idleRecords + TIMES_THE_COST * track.cost) {
        all.remove();
        dropped.accept(track);
      }
    }
  }
}
