package dev.tributary.transforms.chain;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;
import java.util.List;

/**
 * What a snapshot says about itself: of which states it is.
 *
 * @param topicId tells the topic from others that had or will have its name
 * @param from the records from here ...
 * @param next ... to before here are in the states
 * @param lastTimestamp of the last of these, which stands at {@code next - 1}
 * @param lastDigest of what the leader read of it
 * @param leader the first member whose state it holds
 * @param bypassed per member whether the partition's records pass it by
 */
record Snapshot(
    String fingerprint,
    String topic,
    int partition,
    String topicId,
    long from,
    long next,
    long lastTimestamp,
    long lastDigest,
    int leader,
    List<Boolean> bypassed) {

  static final long NO_TIMESTAMP = Long.MIN_VALUE;

  void write(StateOutput out) {
    out.value(fingerprint);
    out.value(topic);
    out.number(partition);
    out.value(topicId);
    out.number(from);
    out.number(next);
    out.number(lastTimestamp);
    out.number(lastDigest);
    out.number(leader);
    out.value(bypassed);
  }

  static Snapshot read(StateInput in) {
    return new Snapshot(
        (String) in.value(),
        (String) in.value(),
        in.size(),
        (String) in.value(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.size(),
        ((List<?>) in.value()).stream().map(Boolean.class::cast).toList());
  }

  static List<Boolean> list(boolean[] flags) {
    Boolean[] list = new Boolean[flags.length];
    Arrays.setAll(list, i -> flags[i]);
    return List.of(list);
  }

  /** Where the last record is that is in the states. */
  long last() {
    return next - 1;
  }
}
