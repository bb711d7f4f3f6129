package dev.tributary.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Where a Redis server is.
 *
 * @param uri {@code redis://[user:password@]host:port}, user and password percent-encoded
 */
record RedisAddress(URI uri) {
  private static final int TIMEOUT_MILLIS = 5_000;

  /** Reads a URI; the port is 6379 where it has none. */
  static RedisAddress parse(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && uri.getScheme().startsWith("redis")) {
        return new RedisAddress(uri);
      }
    } catch (IllegalArgumentException e) {
      // not told: the text may hold a password
    }
    throw new StackException(
        Environment.REDIS + " is not of the form redis://[:PASSWORD@]HOST:PORT");
  }

  String host() {
    return uri.getHost();
  }

  int port() {
    return uri.getPort() < 0 ? 6379 : uri.getPort();
  }

  /** Whether a server answers there and has loaded its data; it may ask for a password. */
  boolean answers() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host(), port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readNBytes(5), StandardCharsets.US_ASCII);
      return answer.equals("+PONG") || answer.equals("-NOAU");
    }
  }
}
