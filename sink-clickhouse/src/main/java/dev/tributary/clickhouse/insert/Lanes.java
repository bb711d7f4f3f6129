package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** The lanes of a task: one or, with several inserts at once, more for each table. */
final class Lanes {
  private final SinkConfig config;
  private final Function<TableName, Lane> make;
  private final Map<LaneName, Lane> lanes = new HashMap<>();
  private final Map<TopicPartition, Lane> laneOfPartition = new HashMap<>();
  private TopicPartition last = new TopicPartition("", -1);
  private Lane laneOfLast;

  /** The lanes of a table are numbered. */
  private record LaneName(TableName table, int number) {}

  Lanes(SinkConfig config, Function<TableName, Lane> make) {
    this.config = config;
    this.make = make;
  }

  /** The lane that a record goes to. */
  Lane of(SinkRecord record) {
    if (laneOfLast == null
        || record.originalKafkaPartition() != last.partition()
        || !record.topic().equals(last.topic())) {
      last = new TopicPartition(record.topic(), record.originalKafkaPartition());
      laneOfLast = laneOfPartition.computeIfAbsent(last, this::of);
    }
    return laneOfLast;
  }

  private Lane of(TopicPartition partition) {
    int number = Math.floorMod(partition.partition(), config.lanesPerTable());
    LaneName name = new LaneName(config.tableNames().of(partition.topic()), number);
    return lanes.computeIfAbsent(name, n -> make.apply(n.table()));
  }

  Collection<Lane> all() {
    return List.copyOf(lanes.values());
  }

  /** Those of the same table, itself among them. */
  List<Lane> besides(Lane lane) {
    return lanes.values().stream().filter(other -> other.name().equals(lane.name())).toList();
  }

  /** How many have an insert under way. */
  int busy() {
    int busy = 0;
    for (Lane lane : lanes.values()) {
      busy += lane.isBusy() ? 1 : 0;
    }
    return busy;
  }

  /** How many of them wait for its answer. */
  int running() {
    int running = 0;
    for (Lane lane : lanes.values()) {
      running += lane.isBusy() && !lane.hasAnswer() ? 1 : 0;
    }
    return running;
  }

  /** One whose insert has its answer, else the one whose insert has been under way for longest. */
  Optional<Lane> firstToEnd() {
    return lanes.values().stream()
        .filter(Lane::isBusy)
        .min(
            Comparator.comparing((Lane lane) -> !lane.hasAnswer())
                .thenComparingLong(lane -> lane.backlog().inFlight().startedNanos()));
  }

  /** The rows that wait where most do that are not under way. */
  int mostReady() {
    return lanes.values().stream().mapToInt(lane -> lane.backlog().readyCount()).max().orElse(0);
  }

  /** The one that holds most that is not under way. */
  Lane fullest() {
    return lanes.values().stream()
        .max(Comparator.comparingLong(lane -> lane.backlog().readyBytes()))
        .orElseThrow();
  }

  /** What they hold in memory. */
  long heldBytes() {
    long bytes = 0;
    for (Lane lane : lanes.values()) {
      bytes += lane.backlog().bytes();
    }
    return bytes;
  }

  long rowCount() {
    return lanes.values().stream().mapToLong(lane -> lane.backlog().rowCount()).sum();
  }

  /** Since when the oldest row is held; empty where none is. */
  Optional<Long> oldestNanos() {
    return lanes.values().stream()
        .filter(lane -> !lane.backlog().isEmpty())
        .map(
            lane ->
                lane.isBusy()
                    ? lane.backlog().inFlight().startedNanos()
                    : lane.backlog().oldestNanos())
        .min(Comparator.naturalOrder());
  }

  /** Since when the oldest row waits that the next insert of an idle lane takes. */
  Optional<Long> oldestReadyNanos() {
    return lanes.values().stream()
        .filter(lane -> lane.backlog().isReady() && !lane.isBusy())
        .map(lane -> lane.backlog().oldestNanos())
        .min(Comparator.naturalOrder());
  }

  /** Lowers the offsets to the first of each partition that waits. */
  void lowerTo(Map<TopicPartition, Long> firsts) {
    lanes.values().forEach(lane -> lane.backlog().lowerTo(firsts));
  }

  /** Drops what waits of partitions from an offset on, and what is known of these partitions. */
  void forget(Map<TopicPartition, Long> from) {
    for (Lane lane : lanes.values()) {
      boolean concerned =
          lane.isBusy()
              && !lane.backlog().inFlight().insert().isForViews()
              && lane.backlog().inFlight().insert().ranges().keySet().stream()
                  .anyMatch(from::containsKey);
      if (concerned) {
        lane.backlog().abandon();
      }
      lane.drop(from);
    }
    laneOfPartition.keySet().removeAll(from.keySet());
    laneOfLast = null;
  }
}
