package dev.tributary.bench.redis;

import dev.tributary.stack.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Redis' own {@code redis-benchmark}: the program that {@code TRIBUTARY_REDIS_BENCHMARK} names,
 * else the one on the PATH.
 */
final class RedisBenchmarkProgram {
  private static final String VARIABLE = "TRIBUTARY_REDIS_BENCHMARK";
  private static final String LIBRARIES = "TRIBUTARY_REDIS_BENCHMARK_LIBRARIES";

  private final String program;
  private final String version;

  private RedisBenchmarkProgram(String program, String version) {
    this.program = program;
    this.version = version;
  }

  /** The program, where there is one that runs. */
  static Optional<RedisBenchmarkProgram> find() throws IOException, InterruptedException {
    String program = System.getenv().getOrDefault(VARIABLE, "redis-benchmark");
    try {
      return Optional.of(
          new RedisBenchmarkProgram(program, output(List.of(program, "--version")).strip()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What it says it is. */
  String version() {
    return version;
  }

  /**
   * Sends one command again and again on one connection, 100 at a time.
   *
   * @param keys how many keys {@code __rand_int__} stands for
   * @param command with {@code __rand_int__} where a random number goes
   * @return commands a second
   */
  double rate(RedisServer server, int requests, int keys, String... command)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(program);
    line.addAll(List.of("-h", server.host(), "-p", Integer.toString(server.port())));
    line.addAll(List.of("-P", "100", "-c", "1", "--csv"));
    line.addAll(List.of("-n", Integer.toString(requests), "-r", Integer.toString(keys)));
    line.addAll(List.of(command));
    return parse(output(line));
  }

  /** The last line is {@code "the command","557000.00",...}. */
  static double parse(String csv) {
    String last = csv.strip().lines().reduce("", (before, line) -> line);
    String[] cells = last.split("\",\"", -1);
    if (cells.length < 2) {
      throw new IllegalStateException("redis-benchmark says: " + csv);
    }
    return Double.parseDouble(cells[1].replace("\"", ""));
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String libraries = System.getenv(LIBRARIES);
    if (libraries != null) {
      builder.environment().put("LD_LIBRARY_PATH", libraries);
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command.get(0) + " failed: " + output);
    }
    return output;
  }
}
