package dev.tributary.stack;

import java.util.ArrayList;
import java.util.List;

/**
 * A Redis process of its own on a free port of this machine, one of several that belong together.
 */
final class RedisNode implements AutoCloseable {
  private final int port;
  private final OwnProcess process;

  private RedisNode(int port, OwnProcess process) {
    this.port = port;
    this.process = process;
  }

  /**
   * Starts a server.
   *
   * @param port a free one
   * @param arguments of the program behind its configuration file, such as {@code --sentinel}
   */
  static RedisNode start(int port, List<String> configuration, List<String> arguments) {
    RedisAddress address = RedisAddress.parse("redis://127.0.0.1:" + port);
    OwnProcess process =
        OwnProcess.started(
            "Redis",
            directory -> {
              List<String> all = new ArrayList<>();
              all.add("bind 127.0.0.1");
              all.add("port " + port);
              all.add("dir \"" + directory.path() + "\"");
              all.addAll(configuration);
              Program program = RedisProgram.prepare(directory, all, Environment.ofThisProcess());
              List<String> command = new ArrayList<>(program.command());
              command.addAll(arguments);
              return new Program("Redis", command, directory.path());
            },
            log -> address.answers());
    return new RedisNode(port, process);
  }

  int port() {
    return port;
  }

  void kill() {
    process.kill();
  }

  void start() {
    process.start();
  }

  @Override
  public void close() {
    process.close();
  }
}
