package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.redis.command.Commands;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.ArrayList;
import java.util.List;

/** Commands in the making. */
final class Bytes {
  private Bytes() {}

  static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  static byte[] of(long number) {
    return Numbers.bytes(number);
  }

  static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /** A name, a key and more. */
  static List<byte[]> command(byte[] name, byte[] key, byte[]... more) {
    List<byte[]> command = new ArrayList<>(2 + more.length);
    command.add(name);
    command.add(key);
    command.addAll(List.of(more));
    return command;
  }

  /** The first command and what follows from it for the key's time to live. */
  static KeyChange change(byte[] key, List<byte[]> first, Expiry expiry) {
    return changes(key, List.of(first), expiry);
  }

  /** As above with several commands. */
  static KeyChange changes(byte[] key, List<List<byte[]>> commands, Expiry expiry) {
    if (commands.get(0).size() > Commands.MAX_ARGUMENTS) {
      throw new UnwritableRecordException(
          "it has more fields than one command can carry ("
              + Commands.MAX_ARGUMENTS
              + " arguments)");
    }
    List<List<byte[]>> after = expiry.commands(key);
    if (after.isEmpty()) {
      return new Commands(key, commands);
    }
    List<List<byte[]>> all = new ArrayList<>(commands);
    all.addAll(after);
    return new Commands(key, all);
  }
}
