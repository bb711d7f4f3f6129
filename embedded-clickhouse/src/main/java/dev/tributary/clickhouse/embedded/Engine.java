package dev.tributary.clickhouse.embedded;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The engine, loaded into this JVM and bound to one data directory.
 *
 * <p>There can be one per process. Any thread may open sessions; a session belongs to one thread at
 * a time.
 */
final class Engine implements AutoCloseable {

  private final ChdbLibrary library;
  private final Path data;
  private final Session keeper;
  private final String version;
  private final String timezone;
  private final String hostName;

  private Engine(ChdbLibrary library, Path data, Pointer keeper)
      throws IOException, EngineException {
    this.library = library;
    this.data = data;
    this.keeper = new Session(library, keeper);
    try (Session.Result result =
        this.keeper.query("SELECT version(), serverTimezone(), hostName()", "TSV")) {
      String[] values = result.text().strip().split("\t", -1);
      this.version = values[0];
      this.timezone = values[1];
      this.hostName = values[2];
    }
  }

  /**
   * Loads the library and starts the engine.
   *
   * @param memoryLimit bytes that all queries and caches together may take
   */
  static Engine open(Path libchdb, Path data, long memoryLimit)
      throws IOException, EngineException {
    // The library starts its cleaning of dropped tables only where this folder exists, and DROP ...
    // SYNC waits for that for ever (chdb-core, pull request 173).
    Files.createDirectories(data.resolve("metadata"));
    ChdbLibrary library = Native.load(libchdb.toAbsolutePath().toString(), ChdbLibrary.class);
    library.chdb_set_signal_handlers_enabled(0);
    // The first connection starts the engine, and the last one to close stops it: this one stays.
    Pointer keeper =
        connect(
            library,
            data,
            "--max_server_memory_usage=" + memoryLimit,
            "--mark_cache_size=" + memoryLimit / 8);
    return new Engine(library, data, keeper);
  }

  private static Pointer connect(ChdbLibrary library, Path data, String... options)
      throws IOException {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "clickhouse";
    arguments[1] = "--path=" + data.toAbsolutePath();
    System.arraycopy(options, 0, arguments, 2, options.length);
    Pointer connection = library.chdb_connect(arguments.length, arguments);
    if (connection == null) {
      throw new IOException(
          "ClickHouse's engine did not start on "
              + data
              + ": the directory is not writable, or another process uses it");
    }
    return connection;
  }

  /** A fresh session: default database, no setting of any other session. Takes under 1 ms. */
  Session session() throws IOException {
    return new Session(library, connect(library, data));
  }

  String version() {
    return version;
  }

  String timezone() {
    return timezone;
  }

  String hostName() {
    return hostName;
  }

  /** Stops the engine. No session may be open. */
  @Override
  public void close() {
    keeper.close();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
