package dev.tributary.redis.command;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One command as it goes over the wire, with one reply to come. */
public final class Call {
  private final byte[] key;
  private final byte[][] arguments;

  private Call(byte[] key, byte[][] arguments) {
    this.key = key;
    this.arguments = arguments;
  }

  /** A command on a key, which says where in a cluster it goes. */
  static Call onKey(byte[] key, List<byte[]> arguments) {
    return new Call(key, arguments.toArray(byte[][]::new));
  }

  /** A command for every node. */
  public static Call onServer(String... arguments) {
    byte[][] bytes = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      bytes[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
    }
    return new Call(null, bytes);
  }

  /** The key that the command works on, or null where it is for the server itself. */
  public byte[] key() {
    return key;
  }

  /** The command's name at index 0. */
  public byte[] argument(int index) {
    return arguments[index];
  }

  /** How many arguments there are, the command's name among them. */
  public int size() {
    return arguments.length;
  }

  /** The command's name alone, as the arguments are data. */
  @Override
  public String toString() {
    return new String(arguments[0], StandardCharsets.UTF_8);
  }
}
