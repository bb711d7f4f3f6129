package dev.tributary.redis.write;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.errors.Verdict;
import dev.tributary.redis.link.Nil;
import dev.tributary.redis.link.RedisError;
import dev.tributary.redis.link.RedisLink;
import dev.tributary.redis.link.RedisRefusedException;
import java.util.List;
import java.util.Map;

/** The link of a task, made anew after it broke, with what a server must know before it is used. */
final class LinkHolder implements AutoCloseable {
  private final RedisLink.Source source;
  private final Map<String, String> needed;
  private RedisLink link;

  /**
   * @param needed commands that the server must have, each with the setting that needs it
   */
  LinkHolder(RedisLink.Source source, Map<String, String> needed) {
    this.source = source;
    this.needed = needed;
  }

  RedisLink get() {
    if (link == null) {
      RedisLink opened = source.open();
      try {
        for (Object reply : opened.exchange(HashCommands.preparation())) {
          if (reply instanceof RedisError error) {
            throw new RedisRefusedException(error);
          }
        }
        requireCommands(opened, needed);
        link = opened;
      } finally {
        if (link == null) {
          opened.close();
        }
      }
    }
    return link;
  }

  /**
   * Asks whether the server has commands.
   *
   * @throws RedisRefusedException if it has not
   */
  static void requireCommands(RedisLink link, Map<String, String> needed) {
    needed.forEach(
        (command, setting) -> {
          Object reply = link.exchange(List.of(Call.onServer("COMMAND", "INFO", command))).get(0);
          if (reply instanceof RedisError error) {
            // a user without the right to ask will find out with the first write
            if (ErrorTable.verdict(error.reply()) == Verdict.RETRY) {
              throw new RedisRefusedException(error);
            }
          } else if (reply instanceof List<?> list
              && (list.isEmpty() || list.get(0) == Nil.NIL || list.get(0).equals(List.of()))) {
            throw new RedisRefusedException(
                new RedisError("ERR unknown command '" + command + "', which " + setting));
          }
        });
  }

  @Override
  public void close() {
    if (link != null) {
      link.close();
      link = null;
    }
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
