package dev.tributary.clickhouse.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The engine's own process: {@code --port 0 --data DIR --libchdb FILE [--password TEXT] [--memory
 * BYTES] [--end-with-stdin true]}.
 *
 * <p>Prints {@code LISTENING port} to its output once it answers, and ends on SIGTERM, with
 * --end-with-stdin also when its input ends (which is when the process that started it is gone).
 * What went wrong at start goes to its error output, with exit code 2. Must be started with libjsig
 * preloaded: see {@link EngineCommand}.
 */
public final class EmbeddedClickHouseMain {

  private static final String DEFAULT_MEMORY = Long.toString(4L << 30);

  private EmbeddedClickHouseMain() {}

  /** Runs the engine until the process is told to end. */
  public static void main(String[] arguments) {
    try {
      Map<String, String> options = options(arguments);
      EmbeddedClickHouseServer server =
          EmbeddedClickHouseServer.start(
              Path.of(required(options, "--libchdb")),
              Path.of(required(options, "--data")),
              Integer.parseInt(options.getOrDefault("--port", "0")),
              options.getOrDefault("--password", ""),
              Long.parseLong(options.getOrDefault("--memory", DEFAULT_MEMORY)));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "end"));
      if (Boolean.parseBoolean(options.get("--end-with-stdin"))) {
        Thread watch = new Thread(EmbeddedClickHouseMain::awaitEndOfInput, "end-with-stdin");
        watch.setDaemon(true);
        watch.start();
      }
      System.out.println("LISTENING " + server.port());
    } catch (IOException
        | EngineException
        | IllegalArgumentException
        | UnsatisfiedLinkError
        | NoClassDefFoundError e) {
      System.err.println("The embedded ClickHouse cannot start: " + e.getMessage());
      // The library's own threads would keep the process, its exit handlers would wait for them.
      Runtime.getRuntime().halt(2);
    }
  }

  private static void end(EmbeddedClickHouseServer server) {
    server.close();
    Runtime.getRuntime().halt(0);
  }

  private static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // nothing is said to this process
      }
    } catch (IOException e) {
      // ended as well
    }
    System.exit(0);
  }

  private static Map<String, String> options(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value");
      }
      options.put(arguments[i], arguments[i + 1]);
    }
    return options;
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
