package dev.tributary.redis.write;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.link.RedisError;
import dev.tributary.redis.link.RedisLink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How many replicas must have a write before it counts.
 *
 * @param replicas 0 for none
 * @param timeout how long they may take
 * @see <a href="https://redis.io/docs/latest/commands/wait/">WAIT</a>
 */
public record ReplicaWait(int replicas, Duration timeout) {

  /** Waits for the replicas of every node; says what is wrong if there are too few. */
  Optional<RedisError> await(RedisLink link) {
    if (replicas == 0) {
      return Optional.empty();
    }
    Call wait =
        Call.onServer("WAIT", Integer.toString(replicas), Long.toString(timeout.toMillis()));
    Object reply = link.exchange(List.of(wait)).get(0);
    if (reply instanceof RedisError error) {
      return Optional.of(error);
    }
    return (Long) reply >= replicas
        ? Optional.empty()
        : Optional.of(
            new RedisError(
                "NOREPLICAS only " + reply + " of " + replicas + " replicas have the writes"));
  }
}
