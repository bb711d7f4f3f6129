package dev.tributary.demo.check;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks ClickHouse over HTTP. Thread-safe. */
public final class ClickHouseQuery {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI uri;
  private final String database;
  private final String user;
  private final String password;

  public ClickHouseQuery(String httpUrl, String database, String user, String password) {
    this.uri = URI.create(httpUrl + "/");
    this.database = database;
    this.user = user;
    this.password = password;
  }

  /**
   * The rows of a query's result, each column as text; null for NULL.
   *
   * @throws IOException if ClickHouse is away or refuses the query, with its own words
   */
  public List<String[]> rows(String sql) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(60))
            .header("X-ClickHouse-User", user)
            .header("X-ClickHouse-Database", database)
            .header("X-ClickHouse-Format", "TabSeparated")
            .POST(BodyPublishers.ofString(sql));
    if (!password.isEmpty()) {
      request.header("X-ClickHouse-Key", password);
    }
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("ClickHouse refused a query: " + response.body().strip());
    }
    List<String[]> rows = new ArrayList<>();
    for (String line : response.body().lines().toList()) {
      String[] columns = line.split("\t", -1);
      for (int i = 0; i < columns.length; i++) {
        columns[i] = unescape(columns[i]);
      }
      rows.add(columns);
    }
    return rows;
  }

  /** The one number that a query answers with. */
  public long number(String sql) throws IOException, InterruptedException {
    return Long.parseLong(rows(sql).get(0)[0]);
  }

  /** Undoes the escapes of the TabSeparated format. */
  static String unescape(String text) {
    if (text.equals("\\N")) {
      return null;
    }
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      char escaped = text.charAt(++i);
      plain.append(
          switch (escaped) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '0' -> '\0';
            default -> escaped;
          });
    }
    return plain.toString();
  }
}
