package dev.tributary.clickhouse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.tributary.clickhouse.config.SinkConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * An HTTP server that hands requests on to ClickHouse, in its own name, once it has let them in: a
 * proxy, a server with TLS, or one that wants a token.
 */
final class Gate implements AutoCloseable {
  /** Lets a request in, and loses the answer. */
  static final int LOSE_ANSWER = -1;

  private static final Set<String> OWN =
      Set.of("host", "connection", "content-length", "transfer-encoding", "authorization");

  private final Map<String, String> target;
  private final ToIntFunction<HttpExchange> status;
  private final HttpServer server;
  private final AtomicInteger passed = new AtomicInteger();

  private Gate(Map<String, String> target, HttpServer server, ToIntFunction<HttpExchange> status) {
    this.target = target;
    this.status = status;
    this.server = server;
    server.setExecutor(Executors.newCachedThreadPool(Gate::daemon));
    server.createContext("/", this::handle);
    server.start();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "gate");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * A gate without TLS.
   *
   * @param target the settings that reach the server behind it
   * @param status what a request is answered with; 200 lets it in, as does {@link #LOSE_ANSWER}
   */
  static Gate http(Map<String, String> target, ToIntFunction<HttpExchange> status) {
    try {
      return new Gate(target, HttpServer.create(anyPort(), 0), status);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A gate with TLS that lets everyone in whose certificate it trusts, if it asks for one. */
  static Gate https(Map<String, String> target, SSLContext context, boolean asksForCertificate) {
    try {
      HttpsServer server = HttpsServer.create(anyPort(), 0);
      server.setHttpsConfigurator(
          new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
              SSLParameters ssl = context.getDefaultSSLParameters();
              ssl.setNeedClientAuth(asksForCertificate);
              parameters.setSSLParameters(ssl);
            }
          });
      return new Gate(target, server, exchange -> HttpURLConnection.HTTP_OK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** How many requests were let in. */
  int passed() {
    return passed.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      int decided = status.applyAsInt(exchange);
      if (decided == LOSE_ANSWER) {
        try (InputStream answer = answer(ask(exchange))) {
          answer.readAllBytes();
        }
        return;
      }
      if (decided != HttpURLConnection.HTTP_OK) {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(decided, -1);
        return;
      }
      passed.incrementAndGet();
      pass(exchange);
    }
  }

  private void pass(HttpExchange exchange) throws IOException {
    HttpURLConnection behind = ask(exchange);
    int code = behind.getResponseCode();
    for (Map.Entry<String, List<String>> header : behind.getHeaderFields().entrySet()) {
      if (header.getKey() != null && !OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        exchange.getResponseHeaders().put(header.getKey(), header.getValue());
      }
    }
    exchange.sendResponseHeaders(code, 0);
    try (InputStream in = answer(behind);
        OutputStream out = exchange.getResponseBody()) {
      in.transferTo(out);
    }
  }

  private static InputStream answer(HttpURLConnection behind) throws IOException {
    return behind.getResponseCode() < 400 ? behind.getInputStream() : behind.getErrorStream();
  }

  private HttpURLConnection ask(HttpExchange exchange) throws IOException {
    URI asked = exchange.getRequestURI();
    String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
    HttpURLConnection behind =
        (HttpURLConnection)
            URI.create(
                    "http://"
                        + target.get(SinkConfig.HOSTNAME)
                        + ":"
                        + target.get(SinkConfig.PORT)
                        + "/"
                        + query)
                .toURL()
                .openConnection();
    behind.setRequestMethod(exchange.getRequestMethod());
    behind.setDoOutput(true);
    behind.setChunkedStreamingMode(0);
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!OWN.contains(lower) && !lower.startsWith("proxy-")) {
                behind.setRequestProperty(name, values.get(0));
              }
            });
    behind.setRequestProperty("X-ClickHouse-User", target.get(SinkConfig.USERNAME));
    behind.setRequestProperty("X-ClickHouse-Key", target.get(SinkConfig.PASSWORD));
    try (OutputStream out = behind.getOutputStream()) {
      exchange.getRequestBody().transferTo(out);
    }
    return behind;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
