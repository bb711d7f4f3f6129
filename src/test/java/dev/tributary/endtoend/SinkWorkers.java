package dev.tributary.endtoend;

import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectRest;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.StackException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The workers of a group, and what can happen to them and to the sinks that they run. */
final class SinkWorkers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final KafkaBroker broker;
  private final String group;
  private final ConnectWorker first;

  SinkWorkers(KafkaBroker broker, String group) {
    this.broker = broker;
    this.group = group;
    this.first = start();
  }

  private ConnectWorker start() {
    return ConnectWorker.builder(broker).groupId(group).start();
  }

  ConnectRest rest() {
    return first.rest();
  }

  /** The worker dies, and is started again. */
  void kill() {
    first.kill();
    first.restart();
  }

  /** A second worker takes a share of the partitions, and dies once there was progress. */
  void joinAndKill(Runnable awaitProgress) {
    try (ConnectWorker second = start()) {
      awaitProgress.run();
      second.kill();
    }
  }

  /** A second worker takes all of them, as the first dies, and leaves in good order. */
  void joinAndTakeOver(Runnable awaitProgress) {
    try (ConnectWorker second = start()) {
      first.kill();
      awaitProgress.run();
      first.restart();
      second.stop();
    }
  }

  /** Where a partition goes on. */
  @FunctionalInterface
  interface Rewind {
    long to(int partition, long reached);
  }

  /** A sink's partitions go back by REST. */
  void rewind(String sink, Rewind rewind) {
    ConnectRest rest = rest();
    rest.stop(sink);
    Await.until(
        "the tasks to stop", PATIENCE, () -> rest.status(sink), status -> status.tasks().isEmpty());
    List<ConnectRest.Offset> offsets = new ArrayList<>();
    for (ConnectRest.Offset at : rest.offsets(sink)) {
      int partition = (Integer) at.partition().get("kafka_partition");
      long reached = ((Number) at.offset().get("kafka_offset")).longValue();
      offsets.add(
          new ConnectRest.Offset(
              at.partition(), Map.of("kafka_offset", rewind.to(partition, reached))));
    }
    // the group of a worker that was killed has members until their sessions end
    Await.untilPasses("the offsets to change", PATIENCE, () -> rest.alterOffsets(sink, offsets));
    rest.resume(sink);
  }

  /** How a sink is doing, for messages. */
  String status(String sink) {
    try {
      return rest().status(sink).toString();
    } catch (StackException e) {
      return e.getMessage(); // it has been killed
    }
  }

  @Override
  public void close() {
    first.close();
  }
}
