package dev.tributary.redis.write;

import dev.tributary.redis.command.ApplyCommands;
import dev.tributary.redis.command.Call;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.link.RedisError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A call, the items that it is about, and what its reply says of each. */
sealed interface Request {
  /** What is sent. */
  Call call();

  /** Reads the reply. */
  void read(Object reply, Results results);

  /** Many hashes by one script, which answers for each. */
  record Merge(Call call, List<Item> items) implements Request {
    @Override
    public void read(Object reply, Results results) {
      if (reply instanceof RedisError error) {
        items.forEach(item -> results.failed(item, error));
        return;
      }
      List<?> replies = (List<?>) reply;
      for (int i = 0; i < items.size(); i++) {
        answer(items.get(i), replies.get(i), results);
      }
    }
  }

  /** One hash by one script, or one command. */
  record Single(Call call, Item item) implements Request {
    @Override
    public void read(Object reply, Results results) {
      answer(item, reply, results);
    }
  }

  /**
   * Records of one partition in their order, up to the first that is refused.
   *
   * @param isFirst whether no other of the partition and slot goes before in this pipeline
   */
  record Apply(Call call, List<Item> items, boolean isFirst) implements Request {
    private static final byte[] BEHIND = ApplyCommands.BEHIND.getBytes(StandardCharsets.US_ASCII);

    @Override
    public void read(Object reply, Results results) {
      if (reply instanceof RedisError error) {
        if (ErrorTable.code(error.reply()).equals("WRONGTYPE")) {
          results.refused(items.get(0), error);
        } else {
          results.failed(items.get(0), error);
        }
        return;
      }
      List<?> answer = (List<?>) reply;
      if (answer.get(0) instanceof byte[] word && Arrays.equals(word, BEHIND)) {
        if (!isFirst) {
          // the one before stopped at a record that was refused
          return;
        }
        String stored = new String((byte[]) answer.get(1), StandardCharsets.US_ASCII);
        results.behind(items.get(0), stored.isEmpty() ? -1 : Long.parseLong(stored));
        return;
      }
      int done = ((Long) answer.get(0)).intValue();
      int skipped = ((Long) answer.get(1)).intValue();
      for (int i = 0; i < done; i++) {
        // those that were done before come first
        if (i < skipped) {
          results.skipped(items.get(i));
        } else {
          results.written(items.get(i));
        }
      }
      if (answer.get(2) instanceof RedisError error) {
        results.failed(items.get(done), error);
      }
    }
  }

  private static void answer(Item item, Object reply, Results results) {
    if (reply instanceof RedisError error) {
      results.failed(item, error);
    } else if (Long.valueOf(0).equals(reply) && item.version().isPresent()) {
      results.skipped(item);
    } else {
      results.written(item);
    }
  }
}
