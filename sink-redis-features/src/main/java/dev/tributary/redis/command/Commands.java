package dev.tributary.redis.command;

import java.util.List;

/** Commands on one key, which are done together. */
public final class Commands implements KeyChange {
  /** Lua hands over no more arguments at once (LUAI_MAXCSTACK). */
  public static final int MAX_ARGUMENTS = 7_900;

  private final byte[] key;
  private final List<List<byte[]>> commands;

  /**
   * Commands.
   *
   * @param key the Redis key, or the channel of a message
   * @param commands each with its name first and the key second; only the first may be refused for
   *     what the key holds
   */
  public Commands(byte[] key, List<List<byte[]>> commands) {
    this.key = key;
    this.commands = commands;
  }

  @Override
  public byte[] key() {
    return key;
  }

  /** Each with its name first and the key second. */
  public List<List<byte[]>> commands() {
    return commands;
  }

  /** How many arguments there are, names among them. */
  int size() {
    int size = 0;
    for (List<byte[]> command : commands) {
      size += command.size();
    }
    return size;
  }

  @Override
  public String toString() {
    return "Commands (" + commands.size() + ")";
  }
}
