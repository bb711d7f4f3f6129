package dev.tributary.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds a {@code redis-server}: the one that {@code TRIBUTARY_REDIS_PROGRAM} names, which may be of
 * any version and a {@code valkey-server} too, else the one that embedded-redis carries, else one
 * on the PATH.
 */
final class RedisProgram {
  /** By platform, as embedded-redis names them. */
  private static final Map<String, String> CARRIED =
      Map.of(
          "linux-amd64", "redis-server-6.2.6-v5-linux-amd64",
          "linux-arm64", "redis-server-6.2.7-linux-arm64",
          "darwin-amd64", "redis-server-6.2.6-v5-darwin-amd64",
          "darwin-arm64", "redis-server-6.2.6-v5-darwin-arm64");

  private RedisProgram() {}

  /** A server with the configuration, lines of {@code redis.conf}, and its data in the folder. */
  static Program prepare(
      WorkDirectory directory, List<String> configuration, Environment environment)
      throws IOException {
    Path file = directory.resolve("redis.conf");
    Files.write(file, configuration);
    String server = server(environment);
    return new Program("Redis", List.of(server, file.toString()), directory.path());
  }

  /** Lines of {@code redis.conf} as arguments of {@code redis-server}. */
  static Stream<String> arguments(List<String> configuration) {
    return configuration.stream()
        .flatMap(line -> Stream.of(("--" + line).split(" ", -1)))
        .map(word -> word.equals("\"\"") ? "" : word);
  }

  private static String server(Environment environment) throws IOException {
    Optional<String> given = environment.get(Environment.REDIS_PROGRAM);
    if (given.isPresent()) {
      if (!runs(given.get())) {
        throw new StackException(
            "the Redis that " + Environment.REDIS_PROGRAM + " names does not run: " + given.get());
      }
      return given.get();
    }
    String carried = CARRIED.get(Platform.current().toString());
    if (carried != null) {
      Path folder = Cache.folder(carried, environment, target -> unpack(carried, target));
      String server = folder.resolve(carried).toString();
      if (runs(server)) { // it needs OpenSSL 3, which not every system has
        return server;
      }
    }
    if (runs("redis-server")) {
      return "redis-server";
    }
    throw new StackException(
        "no Redis for "
            + Platform.current()
            + " runs here; install redis-server, give an address in "
            + Environment.REDIS
            + ", or start Docker");
  }

  private static void unpack(String name, Path folder) throws IOException {
    try (InputStream in = RedisProgram.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IOException("not on the class path: " + name);
      }
      Path target = folder.resolve(name);
      Files.copy(in, target);
      if (!target.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + target);
      }
    }
  }

  private static boolean runs(String server) {
    try {
      Process process =
          new ProcessBuilder(server, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program, or none for this system
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
