package dev.tributary.demo;

import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param seconds how long the load runs before the result is checked; empty: until it is stopped
 * @param changesPerSecond how many rows change a second
 * @param users how many users there are
 * @param chaos whether the worker is killed while the load runs
 */
record DemoOptions(Optional<Integer> seconds, int changesPerSecond, int users, boolean chaos) {
  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if it cannot be read, with the reason
   */
  static DemoOptions parse(String... args) {
    Optional<Integer> seconds = Optional.empty();
    int rate = 600;
    int users = 2000;
    boolean chaos = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--seconds" -> seconds = Optional.of(number(args, ++i));
        case "--rate" -> rate = number(args, ++i);
        case "--users" -> users = number(args, ++i);
        case "--chaos" -> chaos = true;
        default -> throw new IllegalArgumentException("unknown option '" + args[i] + "'");
      }
    }
    return new DemoOptions(seconds, rate, users, chaos);
  }

  private static int number(String[] args, int index) {
    if (index < args.length && args[index].matches("[1-9][0-9]{0,8}")) {
      return Integer.parseInt(args[index]);
    }
    throw new IllegalArgumentException(
        args[index - 1]
            + " needs a whole number above 0"
            + (index < args.length ? ", not '" + args[index] + "'" : ""));
  }
}
