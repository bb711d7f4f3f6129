package dev.tributary.redis.link;

import dev.tributary.redis.config.RedisAddress.Host;
import java.util.Optional;

/**
 * Where a node of a cluster sends a call to: {@code MOVED 3999 127.0.0.1:6381}, for good, or {@code
 * ASK 3999 127.0.0.1:6381}, for this once.
 *
 * @param forGood whether the slot has moved there
 */
record Redirect(boolean forGood, int slot, Host to) {

  static Optional<Redirect> of(Object reply, Host from) {
    if (!(reply instanceof RedisError error)) {
      return Optional.empty();
    }
    String[] words = error.reply().split(" ", 3);
    if (words.length < 3 || !(words[0].equals("MOVED") || words[0].equals("ASK"))) {
      return Optional.empty();
    }
    int colon = words[2].lastIndexOf(':');
    String name = words[2].substring(0, colon);
    return Optional.of(
        new Redirect(
            words[0].equals("MOVED"),
            Integer.parseInt(words[1]),
            new Host(
                name.isEmpty() ? from.name() : name,
                Integer.parseInt(words[2].substring(colon + 1).trim()))));
  }
}
