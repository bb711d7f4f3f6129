package dev.tributary.clickhouse.embedded;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The engine of this process behind HTTP on the loopback address.
 *
 * <p>The data directory holds {@code engine/} (ClickHouse's own) and {@code spool/} (the rows of
 * INSERTs in progress).
 */
final class EmbeddedClickHouseServer implements AutoCloseable {

  private static final long DRAIN_SECONDS = 10;

  private final Engine engine;
  private final HttpServer http;
  private final ExecutorService workers = Executors.newCachedThreadPool();

  private EmbeddedClickHouseServer(Engine engine, HttpServer http) {
    this.engine = engine;
    this.http = http;
  }

  static EmbeddedClickHouseServer start(
      Path libchdb, Path data, int port, String password, long memoryLimit)
      throws IOException, EngineException {
    // Read once, when the JDK's server class is loaded. Small answers must not wait for more.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    // The port first: a taken one is found at once, and requests wait until the engine is up.
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
    Engine engine = Engine.open(libchdb, data.resolve("engine"), memoryLimit);
    Path spool = emptySpool(data.resolve("spool"));
    EmbeddedClickHouseServer server = new EmbeddedClickHouseServer(engine, http);
    http.createContext("/", new QueryHandler(engine, spool, password));
    http.setExecutor(server.workers);
    http.start();
    return server;
  }

  int port() {
    return http.getAddress().getPort();
  }

  /** Takes no new requests, lets those in progress end, and stops the engine. */
  @Override
  public void close() {
    workers.shutdown();
    try {
      if (workers.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        engine.close();
      }
      // Else a query still runs, and the engine's tables stand a sudden end as well.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.stop(0);
  }

  private static Path emptySpool(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> leftovers = Files.list(directory)) {
      for (Path leftover : leftovers.toList()) {
        Files.delete(leftover);
      }
    }
    return directory;
  }
}
