package dev.tributary.stack;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Where a ClickHouse server answers HTTP, and who logs in.
 *
 * @param httpUrl scheme, host and port only
 */
record ClickHouseAddress(URI httpUrl, String database, String user, String password) {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final String DEFAULT = "default";

  /** On this machine or a container's, as the user {@code default} with that password. */
  static ClickHouseAddress of(String host, int port, String password) {
    return new ClickHouseAddress(
        URI.create("http://" + host + ":" + port), DEFAULT, DEFAULT, password);
  }

  /**
   * Reads {@code http[s]://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]}, user and password
   * percent-encoded; the port is that of ClickHouse where there is none.
   *
   * @throws StackException when it is of another form
   */
  static ClickHouseAddress parse(String text) {
    try {
      URI uri = URI.create(text);
      boolean secure = "https".equals(uri.getScheme());
      if (uri.getHost() != null && (secure || "http".equals(uri.getScheme()))) {
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 8443 : 8123;
        String[] login =
            uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
        String path = uri.getPath().replace("/", "");
        return new ClickHouseAddress(
            URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port),
            path.isEmpty() ? DEFAULT : path,
            login.length > 0 ? login[0] : DEFAULT,
            login.length > 1 ? login[1] : "");
      }
    } catch (IllegalArgumentException e) {
      // not told: the text may hold a password
    }
    throw new StackException(
        Environment.CLICKHOUSE + " is not of the form http://[USER:PASSWORD@]HOST:PORT[/DATABASE]");
  }

  /** Whether a server answers {@code /ping}, which asks for no login. */
  boolean answers() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) httpUrl.resolve("/ping").toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    try {
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } finally {
      connection.disconnect();
    }
  }
}
