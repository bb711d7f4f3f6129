package dev.tributary.redis.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a Redis is and how to get in, as {@code redis.uri} says it:
 *
 * <ul>
 *   <li>{@code redis://user:password@host:port/database}, with several hosts {@code
 *       redis://user:password@host1:port1,host2:port2};
 *   <li>{@code rediss://} for TLS;
 *   <li>{@code redis-sentinel://user:password@host1:26379,host2:26379/database#master} and {@code
 *       rediss-sentinel://} for the Sentinels that know the master.
 * </ul>
 *
 * @param hosts at least one
 * @param username empty for the server's default user
 * @param password empty for none
 * @param sentinelMaster the name of the master, where the hosts are Sentinels
 */
public record RedisAddress(
    List<Host> hosts,
    boolean tls,
    Optional<String> username,
    Optional<String> password,
    int database,
    Optional<String> sentinelMaster) {
  private static final int DEFAULT_PORT = 6379;
  private static final int DEFAULT_SENTINEL_PORT = 26379;

  private static final Pattern FORM =
      Pattern.compile(
          "(?<scheme>[a-z-]+)://(?:(?<login>[^/#]*)@)?(?<hosts>[^/#?@]*)(?:/(?<path>[^#?]*))?"
              + "(?:\\?(?<query>[^#]*))?(?:#(?<master>.*))?",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern HOST =
      Pattern.compile("(?<name>\\[[0-9A-Fa-f:.%]+]|[^:\\s\\[\\]]+)(?::(?<port>\\d{1,5}))?");

  /** One server. */
  public record Host(String name, int port) {
    /**
     * Parses {@code host} or {@code host:port}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Host parse(String text, int defaultPort) {
      Matcher matcher = HOST.matcher(text.trim());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "names no host; write redis://host:port, such as redis://localhost:6379");
      }
      String port = matcher.group("port");
      int number = port == null ? defaultPort : Integer.parseInt(port);
      if (number < 1 || number > 65_535) {
        throw new IllegalArgumentException("a port is a number from 1 to 65535");
      }
      String name = matcher.group("name");
      return new Host(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, number);
    }

    @Override
    public String toString() {
      return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
    }
  }

  public RedisAddress {
    hosts = List.copyOf(hosts);
  }

  /**
   * Parses an address.
   *
   * @throws IllegalArgumentException if it is none; the message does not quote it, as it may hold a
   *     password
   */
  public static RedisAddress parse(String text) {
    Matcher uri = FORM.matcher(text.trim());
    if (!uri.matches()) {
      throw new IllegalArgumentException(
          "must begin with redis:// or, for TLS, with rediss://, such as redis://localhost:6379");
    }
    if (uri.group("query") != null) {
      throw new IllegalArgumentException(
          "has a query behind a '?', which is not read here; set redis.timeout, redis.database,"
              + " redis.client.name and so on instead");
    }
    String scheme = uri.group("scheme").toLowerCase(Locale.ROOT);
    boolean sentinel = scheme.endsWith("-sentinel");
    String base = sentinel ? scheme.substring(0, scheme.length() - "-sentinel".length()) : scheme;
    if (!base.equals("redis") && !base.equals("rediss")) {
      throw new IllegalArgumentException(
          "must begin with redis:// or, for TLS, with rediss://, such as redis://localhost:6379");
    }
    String master = uri.group("master") == null ? "" : uri.group("master").trim();
    if (sentinel && master.isEmpty()) {
      throw new IllegalArgumentException(
          "names no master; write redis-sentinel://sentinel1:26379,sentinel2:26379#mymaster");
    }
    String[] login = login(uri.group("login"));
    return new RedisAddress(
        hosts(uri.group("hosts"), sentinel ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT),
        base.equals("rediss"),
        Optional.of(login[0]).filter(name -> !name.isEmpty()),
        Optional.of(login[1]).filter(password -> !password.isEmpty()),
        database(uri.group("path")),
        Optional.of(master).filter(name -> sentinel));
  }

  /** The same address with what is set apart from it. */
  RedisAddress with(
      List<Host> otherHosts,
      boolean alsoTls,
      Optional<String> otherUsername,
      Optional<String> otherPassword,
      Optional<Integer> otherDatabase,
      Optional<String> master) {
    return new RedisAddress(
        otherHosts.isEmpty() ? hosts : otherHosts,
        tls || alsoTls,
        otherUsername.or(this::username),
        otherPassword.or(this::password),
        otherDatabase.orElse(database),
        master.or(this::sentinelMaster));
  }

  /** The address without user and password. */
  @Override
  public String toString() {
    return (tls ? "rediss" : "redis")
        + (sentinelMaster.isPresent() ? "-sentinel://" : "://")
        + hosts.stream().map(Host::toString).collect(Collectors.joining(","))
        + (database == 0 ? "" : "/" + database)
        + sentinelMaster.map(name -> "#" + name).orElse("");
  }

  private static List<Host> hosts(String text, int defaultPort) {
    List<Host> hosts = new ArrayList<>();
    for (String host : text.split(",", -1)) {
      hosts.add(Host.parse(host, defaultPort));
    }
    return hosts;
  }

  private static String[] login(String info) {
    if (info == null) {
      return new String[] {"", ""};
    }
    if (info.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException(
          "no URI: there is a space in user or password; percent-encode special characters of a"
              + " password, or set redis.password instead");
    }
    int colon = info.indexOf(':');
    return colon < 0
        ? new String[] {decode(info), ""}
        : new String[] {decode(info.substring(0, colon)), decode(info.substring(colon + 1))};
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // without the cause, whose message quotes the text
      throw new IllegalArgumentException(
          "no URI: a % in user or password begins no percent-encoded character; write %25, or set"
              + " redis.password instead");
    }
  }

  private static int database(String path) {
    String number = path == null ? "" : path.replaceAll("/$", "");
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
