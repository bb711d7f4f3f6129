package dev.tributary.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path data;

  @Test
  void keepsAcknowledgedRowsThroughKills() throws Exception {
    int port;
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      port = engine.port();
      query(engine, "CREATE DATABASE shop");
      query(engine, "CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a");
      query(engine, "CREATE TABLE shop.t (a UInt32) ENGINE = ReplacingMergeTree ORDER BY a");
    }
    for (int round = 1; round <= 3; round++) {
      // The same port again, as a server that comes back.
      try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, port)) {
        query(engine, "INSERT INTO t SELECT number FROM numbers(100000)");
        query(engine, "INSERT INTO shop.t FORMAT CSV\n" + round + "\n");
        engine.process().destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      }
      try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
        assertThat(query(engine, "SELECT count() FROM t")).isEqualTo(round * 100_000 + "\n");
        assertThat(query(engine, "SELECT count() FROM shop.t")).isEqualTo(round + "\n");
      }
    }
  }

  @Test
  void leavesWholeInsertsWhenKilledAmidThem() throws Exception {
    Queue<Integer> acknowledged = new ConcurrentLinkedQueue<>();
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      query(engine, "CREATE TABLE t (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY batch");
      AtomicInteger batches = new AtomicInteger();
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        writers.add(
            CompletableFuture.runAsync(
                () -> {
                  while (engine.process().isAlive()) {
                    int batch = batches.incrementAndGet();
                    if (send(engine, rows(batch)).statusCode() == 200) {
                      acknowledged.add(batch);
                    }
                  }
                },
                writing -> new Thread(writing).start()));
      }
      Background.await(() -> acknowledged.size() >= 20);
      engine.process().destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      for (CompletableFuture<Void> writer : writers) {
        assertThat(catchThrowable(() -> writer.get(30, TimeUnit.SECONDS)))
            .satisfiesAnyOf(
                end -> assertThat(end).isNull(),
                end -> assertThat(end).hasRootCauseInstanceOf(IOException.class));
      }
    }
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      assertThat(
              query(
                  engine,
                  "SELECT count() FROM (SELECT count() AS c FROM t GROUP BY batch) WHERE c != 1000"))
          .isEqualTo("0\n");
      List<Integer> kept =
          query(engine, "SELECT DISTINCT batch FROM t").lines().map(Integer::valueOf).toList();
      assertThat(kept).containsAll(acknowledged);
    }
  }

  @Test
  void endsOnSigtermWithoutLosingTheRunningInsert() throws Exception {
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      query(engine, "CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a");
      Background insert =
          new Background(
              () -> send(engine, "INSERT INTO t SELECT number + sleep(1) FROM numbers(2)"));
      Background.await(() -> running(engine));

      engine.process().destroy();

      assertThat(insert.result().statusCode()).isEqualTo(200);
      assertThat(engine.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(engine.process().exitValue()).isZero();
    }
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      assertThat(query(engine, "SELECT count() FROM t")).isEqualTo("2\n");
    }
  }

  @Test
  void endsWhenTheProcessThatStartedItIsGone() throws Exception {
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      engine.process().getOutputStream().close(); // as the system does when that process dies

      assertThat(engine.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void doesNotRunWhatWasCutOff() throws Exception {
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      query(engine, "CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a");
      String insert = "INSERT INTO t FORMAT CSV\n1\n2\n";

      cutOff(engine, "Content-Length: 1000\r\n\r\n" + insert);
      cutOff(engine, "Transfer-Encoding: chunked\r\n\r\n1d\r\n" + insert + "\r\n");
      cutOff(engine, "Transfer-Encoding: chunked\r\n\r\n1d0\r\n" + insert);
      cutOff(engine, "Content-Length: 40\r\n\r\nINSERT INTO t SELECT 1");

      assertThat(query(engine, "SELECT count() FROM t")).isEqualTo("0\n");
      assertThat(Files.readString(data.resolve("embedded-clickhouse.log")))
          .containsSubsequence("cut off", "cut off", "cut off", "cut off");
      try (Stream<Path> leftovers = Files.list(data.resolve("spool"))) {
        assertThat(leftovers).isEmpty();
      }
    }
  }

  @Test
  void checksItsPassword() throws Exception {
    EngineCommand command =
        EngineCommand.of(LibChdb.fetch(line -> {}), data, 0).with("--password", "secret");
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(command, data)) {
      assertThat(send(engine, "SELECT 1").statusCode()).isEqualTo(403);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(engine.url()))
              .header("X-ClickHouse-User", "default")
              .header("X-ClickHouse-Key", "secret")
              .POST(HttpRequest.BodyPublishers.ofString("SELECT 1"))
              .build();
      assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("1\n");
    }
  }

  @Test
  void saysWhyItCannotStart() throws Exception {
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.start(data, 0)) {
      assertThatThrownBy(() -> EmbeddedClickHouse.start(data, 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process uses it");
      assertThatThrownBy(() -> EmbeddedClickHouse.start(data.resolve("other"), engine.port()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Address already in use");
    }
  }

  private static String rows(int batch) {
    StringBuilder rows = new StringBuilder("INSERT INTO t FORMAT CSV\n");
    for (int n = 0; n < 1000; n++) {
      rows.append(batch).append(',').append(n).append('\n');
    }
    return rows.toString();
  }

  private static boolean running(EmbeddedClickHouse engine) {
    return send(engine, "SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'")
        .body()
        .equals("1\n");
  }

  /** Sends the beginning of a request, and closes once the server must have read it. */
  private static void cutOff(EmbeddedClickHouse engine, String rest) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(("POST / HTTP/1.1\r\nHost: localhost\r\n" + rest).getBytes(StandardCharsets.UTF_8));
      out.flush();
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo(-1); // no answer, only the end
    }
  }

  private static HttpResponse<String> send(EmbeddedClickHouse engine, String sql) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create(engine.url()))
              .POST(HttpRequest.BodyPublishers.ofString(sql))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String query(EmbeddedClickHouse engine, String sql) {
    HttpResponse<String> response = send(engine, sql);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
