package dev.tributary.clickhouse.embedded;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/**
 * Answers queries. Many threads call it at once; each request gets a session of its own, so that
 * nothing of one request (settings, database, parameters) is left for another.
 */
final class QueryHandler implements HttpHandler {

  private static final String USER = "default";
  private static final int SMALL_INSERT_BYTES = 1 << 17;

  private final Engine engine;
  private final Path spool;
  private final String password;
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  QueryHandler(Engine engine, Path spool, String password) {
    this.engine = engine;
    this.spool = spool;
    this.password = password;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/ping") || path.equals("/replicas_status")) {
        answerText(exchange, 200, "Ok.\n");
      } else if (path.isEmpty() || path.equals("/")) {
        answerQuery(exchange);
      } else {
        new WireInput(exchange).drain();
        answerText(exchange, 404, "There is no handle " + path + "\n");
      }
    } catch (WireInput.CutOffException e) {
      System.err.println("A request was cut off by its client, and not run");
    } catch (IOException e) {
      System.err.println("A client went away: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      throw e;
    } finally {
      exchange.close();
    }
  }

  private void answerQuery(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    Headers in = exchange.getRequestHeaders();
    WireInput wire = new WireInput(exchange);
    try {
      QueryRequest request =
          QueryRequest.of(
              !method.equals("POST"), exchange.getRequestURI().getRawQuery(), in::getFirst);
      exchange.getResponseHeaders().set("X-ClickHouse-Query-Id", request.queryId());
      authenticate(request);
      RequestBody body = RequestBody.of(wire, in.getFirst("Content-Encoding"), request);
      byte[] head = body.head();
      if (head.length == 0 && method.equals("GET")) {
        answerText(exchange, 200, "Ok.\n");
        return;
      }
      if (!running.add(request.queryId())) {
        throw EngineException.of(
            216,
            "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
            "Query with id = " + request.queryId() + " is already running");
      }
      try {
        run(exchange, request, body, head);
      } finally {
        running.remove(request.queryId());
      }
    } catch (EngineException e) {
      wire.drain();
      exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", Integer.toString(e.code()));
      answerText(exchange, e.httpStatus(), e.text(engine.version()));
    }
  }

  private void authenticate(QueryRequest request) throws EngineException {
    // clickhouse-jdbc 0.9.6 says "null" where it was given no password.
    boolean none = request.password().isEmpty() || request.password().equals("null");
    boolean right = password.isEmpty() ? none : request.password().equals(password);
    if (!request.user().equals(USER) || !right) {
      throw EngineException.of(
          516,
          "AUTHENTICATION_FAILED",
          request.user()
              + ": Authentication failed: password is incorrect, or there is no user with such name");
    }
  }

  private void run(HttpExchange exchange, QueryRequest request, RequestBody body, byte[] head)
      throws IOException, EngineException {
    // Reading a body to its end throws where the client cut it off: nothing of it is run then.
    Statement statement = Statement.parse(head, head.length < RequestBody.HEAD_BYTES);
    if (statement instanceof Statement.WithRows insert) {
      Path rows = Files.createTempFile(spool, "rows", ".data");
      try {
        body.spool(head, insert.dataOffset(), rows);
        byte[] sql = asOneText(insert, head) ? head : Engine.utf8(insert.fromFile(rows.toString()));
        execute(exchange, request, sql, request.defaultFormat());
      } finally {
        Files.delete(rows);
      }
    } else if (statement instanceof Statement.Plain plain) {
      byte[] rest = body.rest();
      byte[] sql = Arrays.copyOf(head, head.length + rest.length);
      System.arraycopy(rest, 0, sql, head.length, rest.length);
      execute(exchange, request, sql, plain.outputFormat().orElse(request.defaultFormat()));
    }
  }

  private void execute(HttpExchange exchange, QueryRequest request, byte[] sql, String format)
      throws IOException, EngineException {
    try (Session session = engine.session()) {
      for (String prepare : request.sessionStatements()) {
        session.execute(prepare);
      }
      try (Session.Result result = session.query(sql, format)) {
        answer(exchange, request, format, result);
      }
    }
  }

  private static boolean asOneText(Statement.WithRows insert, byte[] text) {
    return insert.format().equalsIgnoreCase("Values")
        && text.length <= SMALL_INSERT_BYTES
        && Statement.usesDefaultKeyword(text, insert.dataOffset());
  }

  private void answer(
      HttpExchange exchange, QueryRequest request, String format, Session.Result result)
      throws IOException {
    Headers out = exchange.getResponseHeaders();
    addCommonHeaders(out);
    out.set("X-ClickHouse-Format", format);
    out.set("X-ClickHouse-Summary", result.summary());
    out.set("Content-Type", contentType(format));
    String encoding = request.compress() ? "" : encoding(exchange, request);
    if (!encoding.isEmpty()) {
      out.set("Content-Encoding", encoding);
    }
    boolean plain = !request.compress() && encoding.isEmpty();
    boolean empty = result.length() == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, empty ? -1 : plain ? result.length() : 0);
    if (!empty) {
      try (OutputStream body = packed(exchange.getResponseBody(), request, encoding)) {
        result.writeTo(body);
      }
    }
  }

  private static OutputStream packed(OutputStream out, QueryRequest request, String encoding)
      throws IOException {
    if (request.compress()) {
      return new Lz4Frames.Writer(out);
    }
    return switch (encoding) {
      case "lz4" -> new LZ4FrameOutputStream(out);
      case "gzip" -> new GZIPOutputStream(out, 1 << 16);
      default -> out;
    };
  }

  private static String encoding(HttpExchange exchange, QueryRequest request) {
    String on = request.settings().getOrDefault("enable_http_compression", "0");
    String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    if (accepted == null || !(on.equals("1") || on.equals("true"))) {
      return "";
    }
    return accepted.contains("lz4") ? "lz4" : accepted.contains("gzip") ? "gzip" : "";
  }

  private void answerText(HttpExchange exchange, int status, String text) throws IOException {
    addCommonHeaders(exchange.getResponseHeaders());
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=UTF-8");
    byte[] bytes = Engine.utf8(text);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private void addCommonHeaders(Headers out) {
    out.set("X-ClickHouse-Server-Display-Name", engine.hostName());
    out.set("X-ClickHouse-Timezone", engine.timezone());
    // Shorter than the 30 s after which the JDK's server closes an idle connection.
    out.set("Keep-Alive", "timeout=10");
  }

  private static String contentType(String format) {
    if (format.startsWith("JSON")) {
      return "application/json; charset=UTF-8";
    }
    if (format.startsWith("TabSeparated") || format.startsWith("TSV")) {
      return "text/tab-separated-values; charset=UTF-8";
    }
    return format.startsWith("CSV") ? "text/csv; charset=UTF-8" : "application/octet-stream";
  }
}
