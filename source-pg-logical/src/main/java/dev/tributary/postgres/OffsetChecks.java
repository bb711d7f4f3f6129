package dev.tributary.postgres;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.SnapshotMode;
import dev.tributary.postgres.incremental.IncrementalState;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.SlotInfo;
import dev.tributary.postgres.replication.Slots;
import dev.tributary.postgres.replication.Timelines;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks offsets that someone gives over REST, before Connect stores them. */
final class OffsetChecks {
  private static final Logger log = LoggerFactory.getLogger(OffsetChecks.class);

  private final PgSourceConfig config;

  OffsetChecks(PgSourceConfig config) {
    this.config = config;
  }

  /**
   * Checks.
   *
   * @param offsets null for a partition whose offset is taken away
   * @throws ConnectException if the connector would not start from what is given, or lose changes
   */
  void check(Map<Map<String, ?>, Map<String, ?>> offsets) {
    offsets.forEach(this::check);
  }

  private void check(Map<String, ?> partition, Map<String, ?> offset) {
    Map<String, String> own = RecordFactory.partition(config.topicPrefix());
    if (offset == null) {
      if (partition == null || !Set.of("server").equals(partition.keySet())) {
        throw new ConnectException("the partition must be " + own + ", not " + partition);
      }
      return; // also one that an earlier topic.prefix left behind
    }
    if (!own.equals(partition)) {
      throw new ConnectException(
          "the partition must be " + own + ", after topic.prefix, not " + partition);
    }
    Stored given = read(offset);
    if (given instanceof Stored.Nothing) {
      throw new ConnectException(
          "the offset is empty; to take it away, give null, or reset the offsets");
    }
    if (given instanceof Stored.At at) {
      check(at.position(), at.timeline());
    }
  }

  private static Stored read(Map<String, ?> offset) {
    Set<String> unknown = new java.util.TreeSet<>(offset.keySet());
    unknown.removeAll(Offsets.KEYS);
    if (!unknown.isEmpty()) {
      throw new ConnectException(
          "the offset " + offset + " has keys that mean nothing to this connector: " + unknown);
    }
    try {
      Stored read = Offsets.read(offset);
      if (read instanceof Stored.At at) {
        IncrementalState.parse(at.incremental());
      }
      return read;
    } catch (IllegalArgumentException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  private void check(Position position, int timeline) {
    if (position.inTransaction() && position.transaction().isBefore(position.committed())) {
      throw new ConnectException(
          "tx_final_lsn "
              + position.transaction()
              + " is before commit_lsn "
              + position.committed()
              + ": the transaction in progress comes after the last one that is complete");
    }
    Sessions sessions = new Sessions(config.connection());
    try (Connection connection = sessions.sql()) {
      Optional<SlotInfo> slot = Slots.find(connection, config.slot());
      Lsn logEnd = Timelines.end(connection, sessions, timeline);
      Optional<Losses.Loss> loss = Losses.between(position, slot, logEnd, config.slot());
      if (loss.isPresent() && config.snapshotMode() != SnapshotMode.WHEN_NEEDED) {
        throw new ConnectException("from this offset, " + loss.get().what());
      }
    } catch (SQLException e) {
      log.warn(
          "The offset is taken as it is: whether slot '{}' can be streamed from {} cannot be told"
              + " now ({})",
          config.slot(),
          position,
          e.getMessage());
    }
  }
}
