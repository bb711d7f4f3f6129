package dev.tributary.redis.write;

import dev.tributary.redis.command.ApplyCommands;
import dev.tributary.redis.command.Position;
import dev.tributary.redis.link.Nil;
import dev.tributary.redis.link.RedisError;
import dev.tributary.redis.link.RedisLink;
import dev.tributary.redis.link.RedisRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each partition has come by the offsets that are stored in Redis along with the data. They
 * are read on every assignment, and the task takes up behind them: neither what Kafka has stored
 * nor what Redis has lost in a failover can lead to a gap or a repeat.
 *
 * <p>On a cluster each slot has an offset of its own, and none says how far all have come. There
 * the task takes up where Kafka says, and what a slot has already is passed over.
 */
final class Progress {
  private final ApplyCommands commands;
  private final Map<TopicPartition, Long> reached = new HashMap<>();
  private final Map<TopicPartition, Long> atAssignment = new HashMap<>();
  private final Set<TopicPartition> unread = new HashSet<>();

  Progress(ApplyCommands commands) {
    this.commands = commands;
  }

  /** The task has these partitions too from now on. */
  void assigned(Collection<TopicPartition> partitions) {
    if (commands.keepsOffsets() && !commands.perSlot()) {
      unread.addAll(partitions);
      reached.keySet().removeAll(partitions);
      atAssignment.keySet().removeAll(partitions);
    }
  }

  /** The task has these no longer. */
  void revoked(Collection<TopicPartition> partitions) {
    unread.removeAll(partitions);
    reached.keySet().removeAll(partitions);
    atAssignment.keySet().removeAll(partitions);
  }

  /** Whether there are partitions whose offset is not known yet. */
  boolean hasUnread() {
    return !unread.isEmpty();
  }

  /**
   * Reads the offsets of partitions that were assigned since.
   *
   * @return for each partition that Redis knows, the offset to go on at
   */
  Map<TopicPartition, Long> read(RedisLink link) {
    Map<TopicPartition, Long> next = new HashMap<>();
    List<TopicPartition> partitions = List.copyOf(unread);
    List<byte[]> fields =
        partitions.stream().map(p -> ApplyCommands.field(p.topic(), p.partition())).toList();
    Object reply = link.exchange(List.of(commands.read(0, fields))).get(0);
    if (reply instanceof RedisError error) {
      throw new RedisRefusedException(error);
    }
    List<?> offsets = (List<?>) reply;
    for (int i = 0; i < partitions.size(); i++) {
      if (offsets.get(i) != Nil.NIL) {
        long offset =
            Long.parseLong(new String((byte[]) offsets.get(i), StandardCharsets.US_ASCII));
        reached.put(partitions.get(i), offset);
        atAssignment.put(partitions.get(i), offset);
        next.put(partitions.get(i), offset + 1);
      }
    }
    unread.clear();
    return next;
  }

  /** The offset that Redis must have reached, or -1 where that is not known. */
  long reached(Position position) {
    return reached.getOrDefault(partition(position), -1L);
  }

  /** A record is in Redis. */
  void reach(Position position) {
    if (commands.keepsOffsets() && !commands.perSlot()) {
      reached.merge(partition(position), position.offset(), Math::max);
    }
  }

  /** Redis has come less far; negative where it knows nothing any more. */
  void fallBack(Position position, long stored) {
    if (stored < 0) {
      reached.remove(partition(position));
    } else {
      reached.put(partition(position), stored);
    }
  }

  /**
   * Whether a record cannot be where it says it is: the task took up behind the stored offset, so
   * nothing at or before it comes again, unless the topic was made anew.
   */
  boolean isOfAnotherTopic(Position position) {
    Long offset = atAssignment.get(partition(position));
    return offset != null && position.offset() <= offset;
  }

  private static TopicPartition partition(Position position) {
    return new TopicPartition(position.topic(), position.partition());
  }
}
