package dev.tributary.redis.write;

import dev.tributary.redis.command.ApplyCommands;
import dev.tributary.redis.command.Call;
import dev.tributary.redis.command.Slots;
import dev.tributary.redis.config.RedisSinkConfig;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.link.LinkException;
import dev.tributary.redis.link.Nil;
import dev.tributary.redis.link.RedisError;
import dev.tributary.redis.link.RedisLink;
import dev.tributary.redis.link.RedisRefusedException;
import dev.tributary.redis.link.Sources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Brings the offsets that are stored in Redis to where someone wants a stopped connector to go on.
 *
 * <p>What is in the data itself stays: a hash with a later version goes on passing over what comes
 * again.
 */
public final class OffsetChange {
  /** Connect's REST API gives a request 90 s, and its caller waits. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final ApplyCommands commands;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> next;

  private OffsetChange(ApplyCommands commands, Map<TopicPartition, Long> next) {
    this.commands = commands;
    this.partitions = List.copyOf(next.keySet());
    this.next = next;
  }

  /**
   * Does it; may be done again after an error.
   *
   * @param next for each partition the offset of the record to go on with, null to forget how far
   *     it has come; no partitions at all to forget that of all
   * @throws ConnectException if an offset is none, or Redis cannot be reached or refuses
   */
  public static void run(RedisSinkConfig config, Map<TopicPartition, Long> next) {
    next.forEach(
        (partition, offset) -> {
          if (offset != null && offset < 0) {
            throw new ConnectException(
                "The offset " + offset + " of " + partition + " is no offset: it is below zero");
          }
        });
    RedisLink.Source source;
    try {
      source = Sources.of(config.connection().within(LONGEST_WAIT));
    } catch (IllegalArgumentException e) {
      throw new ConnectException(config.tlsKey() + ": " + e.getMessage(), e);
    }
    try (RedisLink link = source.open()) {
      OffsetChange change = new OffsetChange(config.applyCommands(), next);
      for (Object reply : link.exchange(change.calls(link))) {
        orRefuse(reply);
      }
    } catch (LinkException e) {
      throw new ConnectException(
          "Redis at "
              + source
              + " cannot be reached to change the offsets in it: "
              + e.getMessage(),
          e);
    } catch (RedisRefusedException e) {
      String remedy = ErrorTable.remedy(e.error().reply());
      throw new ConnectException(
          "Redis at "
              + source
              + " refuses to change the offsets in it: "
              + ErrorTable.words(e.error().reply())
              + (remedy.isEmpty() ? "" : "; " + remedy)
              + (ErrorTable.code(e.error().reply()).equals("WRONGTYPE")
                  ? "; the key of redis.offsets.key holds something else"
                  : ""),
          e);
    }
  }

  /**
   * Where Redis knows nothing of a partition, the task goes on where Kafka says, and there is
   * nothing to change. On a cluster Kafka always says so, and a slot only passes over what it has;
   * one that has come less far than wanted stays.
   */
  private List<Call> calls(RedisLink link) {
    List<Integer> slots = IntStream.range(0, commands.perSlot() ? Slots.COUNT : 1).boxed().toList();
    if (partitions.isEmpty()) {
      return slots.stream().map(commands::forget).toList();
    }
    List<byte[]> fields =
        partitions.stream().map(p -> ApplyCommands.field(p.topic(), p.partition())).toList();
    List<Object> stored =
        link.exchange(slots.stream().map(slot -> commands.read(slot, fields)).toList());
    List<Call> calls = new ArrayList<>();
    for (int slot : slots) {
      List<?> offsets = (List<?>) orRefuse(stored.get(slot));
      for (int i = 0; i < partitions.size(); i++) {
        if (offsets.get(i) != Nil.NIL) {
          Long wanted = next.get(partitions.get(i));
          long last = wanted == null ? -1 : wanted - 1;
          if (!commands.perSlot() || number(offsets.get(i)) > last) {
            calls.add(commands.set(slot, fields.get(i), last));
          }
        }
      }
    }
    return calls;
  }

  private static long number(Object reply) {
    return Long.parseLong(new String((byte[]) reply, StandardCharsets.US_ASCII));
  }

  private static Object orRefuse(Object reply) {
    if (reply instanceof RedisError error) {
      throw new RedisRefusedException(error);
    }
    return reply;
  }
}
