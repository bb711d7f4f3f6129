package dev.tributary.transforms.chain;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the state is made again.
 *
 * @param bootstrapServers null where nothing is restored
 * @param client settings of the Kafka client that reads the topic
 * @param converterClass reads the values of the topic's records
 * @param converter its settings
 * @param timeout how long to wait for records that do not come
 * @param topic in a source, the topic that is written; {@code ${topic}} in it stands for the
 *     record's
 * @param recentRecords of how many of a partition's latest records to keep the results
 * @param snapshots where to keep snapshots of a sink's states, if at all
 */
public record RestoreSettings(
    Mode mode,
    String bootstrapServers,
    Map<String, Object> client,
    String converterClass,
    Map<String, Object> converter,
    String topic,
    Duration timeout,
    int recentRecords,
    Optional<SnapshotFolder> snapshots) {

  /**
   * Where snapshots are kept.
   *
   * @param interval how often a partition's states are written, at most
   */
  public record SnapshotFolder(Path folder, Duration interval) {}

  /** Where the state comes from after a start, a rebalance or a rewind. */
  public enum Mode {
    /** From the topic's own records. */
    TOPIC,
    /** From nowhere: it begins empty, and a record that comes again is not counted again. */
    NONE
  }
}
