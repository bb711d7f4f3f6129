package dev.tributary.redis.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One command as it goes over the wire, with one reply to come. */
public final class Call {
  /** The slot of a command that goes to every node of a cluster. */
  public static final int EVERY_NODE = -1;

  private final int slot;
  private final List<byte[]> arguments;

  private Call(int slot, List<byte[]> arguments) {
    this.slot = slot;
    this.arguments = arguments;
  }

  /** A command on keys of one slot, which says where in a cluster it goes. */
  public static Call onSlot(int slot, List<byte[]> arguments) {
    return new Call(slot, arguments);
  }

  /** A command for every node. */
  public static Call onServer(String... arguments) {
    List<byte[]> bytes = new ArrayList<>(arguments.length);
    for (String argument : arguments) {
      bytes.add(argument.getBytes(StandardCharsets.UTF_8));
    }
    return onSlot(EVERY_NODE, bytes);
  }

  /** The slot of the keys, 0 to 16383, or {@link #EVERY_NODE}. */
  public int slot() {
    return slot;
  }

  /** Writes the command. */
  public void writeTo(RespBuffer buffer) {
    buffer.array(arguments.size());
    for (byte[] argument : arguments) {
      buffer.bulk(argument);
    }
  }

  /** The command's name alone, as the arguments are data. */
  @Override
  public String toString() {
    return new String(arguments.get(0), StandardCharsets.UTF_8);
  }
}
