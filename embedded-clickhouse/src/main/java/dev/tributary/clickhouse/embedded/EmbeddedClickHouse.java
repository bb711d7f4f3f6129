package dev.tributary.clickhouse.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running engine in a process of its own, which ends with this one.
 *
 * <p>Any ClickHouse client talks to {@link #url()} as to a server: user default, no password.
 */
public final class EmbeddedClickHouse implements AutoCloseable {

  private static final long START_SECONDS = 60;
  private static final long END_SECONDS = 20;
  private static final String READY = "LISTENING ";

  private final Process process;
  private final int port;

  private EmbeddedClickHouse(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts an engine, after fetching libchdb where the cache does not hold it.
   *
   * @param data its directory, made where missing; holds its log too
   * @param port the HTTP port on the loopback address, 0 for a free one
   */
  public static EmbeddedClickHouse start(Path data, int port) throws IOException {
    return start(EngineCommand.of(LibChdb.fetch(System.err::println), data, port), data);
  }

  static EmbeddedClickHouse start(EngineCommand engine, Path data) throws IOException {
    Files.createDirectories(data);
    Path log = data.resolve("embedded-clickhouse.log");
    ProcessBuilder builder = new ProcessBuilder(engine.with("--end-with-stdin", "true").command());
    builder.environment().putAll(engine.environment());
    // A table that does not exist is looked for as a file of the working directory.
    builder.directory(data.toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    CompletableFuture<Integer> ready = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process.getInputStream(), ready), "embedded-clickhouse");
    reader.setDaemon(true);
    reader.start();
    try {
      return new EmbeddedClickHouse(process, ready.get(START_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IOException(
          "The embedded ClickHouse did not start. Its log, %s:%n%s"
              .formatted(log, Files.readString(log)),
          e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the embedded ClickHouse starts", e);
    }
  }

  /** The port it listens on, on the loopback address. */
  public int port() {
    return port;
  }

  /** What a ClickHouse client takes as its address. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The engine's process, to be watched or killed. */
  public Process process() {
    return process;
  }

  /** Ends the engine: asks first, then kills. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void read(InputStream output, CompletableFuture<Integer> ready) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(READY)) {
          ready.complete(Integer.valueOf(line.substring(READY.length())));
          output.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      ready.completeExceptionally(new UncheckedIOException(e));
    }
    ready.completeExceptionally(new IOException("The process ended"));
  }
}
