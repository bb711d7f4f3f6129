package dev.tributary.postgres.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** Where a server listens. */
public record ServerAddress(String host, int port) {
  /** An IPv6 address is in brackets, or alone. */
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<host>[^\\s/?&#@:\\[\\]]+|\\[[^\\s\\[\\]]+])(:(?<port>[0-9]{1,5}))?"
              + "|(?<bare>[0-9a-fA-F]*:[0-9a-fA-F]*:[^\\s/?&#@\\[\\]]*)");

  private static final int LAST_PORT = 65535;

  /**
   * Reads {@code db1,db2:5433}.
   *
   * @param key of the config, for the error
   * @param port where none is given
   * @throws ConfigException if it is something else
   */
  static List<ServerAddress> parseAll(String key, String text, int port) {
    return Arrays.stream(text.split(",", -1))
        .map(server -> parse(key, text, server.strip(), port))
        .toList();
  }

  private static ServerAddress parse(String key, String text, String server, int port) {
    Matcher parts = TEXT.matcher(server);
    if (!parts.matches()) {
      throw refused(key, text);
    }
    if (parts.group("bare") != null) {
      return new ServerAddress(server, port);
    }
    int own = parts.group("port") == null ? port : Integer.parseInt(parts.group("port"));
    if (own < 1 || own > LAST_PORT) {
      throw refused(key, text);
    }
    return new ServerAddress(parts.group("host"), own);
  }

  private static ConfigException refused(String key, String text) {
    return new ConfigException(
        key,
        text,
        "must be host names or addresses, with or without :port, separated by commas, without any"
            + " of / ? & # @");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
