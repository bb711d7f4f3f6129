package dev.tributary.clickhouse.embedded;

import java.nio.file.Path;

/** Does in the engine's process what makes a JVM raise SIGSEGV by itself. */
final class SignalProbe {

  private static volatile String nothing;

  private SignalProbe() {}

  public static void main(String[] arguments) throws Exception {
    Engine engine = Engine.open(Path.of(arguments[0]), Path.of(arguments[1]), 1L << 30);
    int caught = 0;
    for (int i = 0; i < 300_000; i++) {
      caught += dereference();
      if (i % 1000 == 0) {
        try (Session session = engine.session()) {
          session.execute("SELECT 1");
        }
      }
    }
    try {
      descend(0);
    } catch (StackOverflowError e) {
      caught++;
    }
    System.out.println("CAUGHT " + caught);
    Runtime.getRuntime().halt(0);
  }

  private static int dereference() {
    try {
      return nothing.length();
    } catch (NullPointerException e) {
      return 1;
    }
  }

  private static long descend(long depth) {
    return depth < 0 ? 0 : descend(depth + 1) + depth;
  }
}
