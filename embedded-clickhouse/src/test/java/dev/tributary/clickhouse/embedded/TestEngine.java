package dev.tributary.clickhouse.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine that the tests of this JVM share, and the plainest of HTTP clients. */
final class TestEngine {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static EmbeddedClickHouse shared;

  private TestEngine() {}

  /** Started once; it ends with this JVM. */
  static synchronized EmbeddedClickHouse shared() {
    if (shared == null) {
      try {
        Path data = Files.createTempDirectory(Path.of("target"), "engine-");
        shared = EmbeddedClickHouse.start(data, 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared;
  }

  /** A name that no other test uses. */
  static String newName() {
    return "t" + NAMES.incrementAndGet();
  }

  /** A table of its own for a test. */
  static String newTable(String columns, String engine) {
    String table = newName();
    run("CREATE TABLE " + table + " (" + columns + ") ENGINE = " + engine);
    return table;
  }

  /** Runs a statement and gives its output without the line feed at its end. */
  static String run(String sql) {
    HttpResponse<String> response = post("", sql.getBytes(StandardCharsets.UTF_8));
    if (response.statusCode() != 200) {
      throw new AssertionError(response.body());
    }
    return response.body().strip();
  }

  static HttpResponse<String> post(String parameters, String body, String... headers) {
    return post(parameters, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  static HttpResponse<String> post(String parameters, byte[] body, String... headers) {
    return send(
        request(parameters, headers).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  static HttpRequest.Builder request(String parameters, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(shared().url() + "/?" + parameters));
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return HTTP.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
