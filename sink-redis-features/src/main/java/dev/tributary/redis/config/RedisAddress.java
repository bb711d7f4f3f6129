package dev.tributary.redis.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a Redis server is and how to get in: {@code redis://user:password@host:port/database}, or
 * {@code rediss://} for TLS.
 *
 * @param username empty for the server's default user
 * @param password empty for none
 */
public record RedisAddress(
    String host,
    int port,
    boolean tls,
    Optional<String> username,
    Optional<String> password,
    int database) {
  private static final int DEFAULT_PORT = 6379;

  /**
   * Parses an address.
   *
   * @throws IllegalArgumentException if it is none; the message does not quote it, as it may hold a
   *     password
   */
  public static RedisAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text.trim());
    } catch (URISyntaxException e) {
      // without the cause, whose message quotes the text
      throw new IllegalArgumentException(
          "no URI: "
              + e.getReason()
              + " at character "
              + (e.getIndex() + 1)
              + "; write redis://host:port, and percent-encode special characters of a password"
              + " or set redis.password instead");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new IllegalArgumentException(
          "must begin with redis:// or, for TLS, with rediss://, such as redis://localhost:6379");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "names no host; write redis://host:port, such as redis://localhost:6379");
    }
    String[] login = login(uri);
    return new RedisAddress(
        uri.getHost(),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        scheme.equals("rediss"),
        Optional.of(login[0]).filter(name -> !name.isEmpty()),
        Optional.of(login[1]).filter(password -> !password.isEmpty()),
        database(uri.getPath()));
  }

  /** The same address with another user or password, where one is given. */
  RedisAddress withLogin(Optional<String> username, Optional<String> password) {
    return new RedisAddress(
        host, port, tls, username.or(this::username), password.or(this::password), database);
  }

  /** The address without user and password. */
  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://")
        + host
        + ":"
        + port
        + (database == 0 ? "" : "/" + database);
  }

  private static String[] login(URI uri) {
    String info = uri.getRawUserInfo();
    if (info == null) {
      return new String[] {"", ""};
    }
    int colon = info.indexOf(':');
    return colon < 0
        ? new String[] {decode(info), ""}
        : new String[] {decode(info.substring(0, colon)), decode(info.substring(colon + 1))};
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static int database(String path) {
    String number = path == null ? "" : path.replaceAll("^/|/$", "");
    if (number.isEmpty()) {
      return 0;
    }
    if (!number.matches("\\d{1,6}")) {
      throw new IllegalArgumentException(
          "the path is the number of a database, such as redis://localhost:6379/2");
    }
    return Integer.parseInt(number);
  }
}
