package dev.tributary.clickhouse.embedded;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The part of a request that stands in its address and headers. Names and precedence are those of
 * ClickHouse's HTTP interface ("HTTP Interface" in its documentation).
 *
 * @param query the address's query parameter, or nothing; the body follows it
 * @param database the session's database, or nothing for the default
 * @param settings every parameter that has no meaning of its own, by name
 * @param parameters values of {@code {name:Type}} in the query, by name
 * @param compress whether the answer goes out in {@link Lz4Frames}
 * @param decompress whether the body comes in {@link Lz4Frames}
 */
record QueryRequest(
    String query,
    String database,
    String user,
    String password,
    String queryId,
    String defaultFormat,
    List<String> roles,
    Map<String, String> settings,
    Map<String, String> parameters,
    boolean compress,
    boolean decompress) {

  private static final String PARAMETER = "param_";

  // Read by the server itself. Sessions are not kept: every request is a session of its own.
  private static final Set<String> RESERVED =
      Set.of(
          "query",
          "database",
          "user",
          "password",
          "query_id",
          "default_format",
          "compress",
          "decompress",
          "role",
          "quota_key",
          "stacktrace",
          "buffer_size",
          "wait_end_of_query",
          "session_id",
          "session_timeout",
          "session_check",
          "close_session",
          "client_protocol_version");

  /**
   * Reads a request.
   *
   * @param readOnly whether the method forbids changes, as GET does
   * @param rawQuery what follows the question mark, or null
   * @param header gives a header's first value, or null
   */
  static QueryRequest of(boolean readOnly, String rawQuery, Function<String, String> header)
      throws EngineException {
    Map<String, String> known = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> roles = new ArrayList<>();
    for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (name.equals("role")) {
        roles.add(value);
      } else if (RESERVED.contains(name)) {
        known.putIfAbsent(name, value);
      } else if (name.startsWith(PARAMETER)) {
        parameters.put(name.substring(PARAMETER.length()), value);
      } else if (!name.isEmpty()) {
        settings.put(name, value);
      }
    }
    if (readOnly) {
      settings.putIfAbsent("readonly", "2");
    }
    String[] basic = basicCredentials(header.apply("Authorization"));
    return new QueryRequest(
        known.getOrDefault("query", ""),
        first(known.get("database"), header.apply("X-ClickHouse-Database")).orElse(""),
        first(header.apply("X-ClickHouse-User"), basic[0], known.get("user")).orElse("default"),
        first(header.apply("X-ClickHouse-Key"), basic[1], known.get("password")).orElse(""),
        first(known.get("query_id"), header.apply("X-ClickHouse-Query-Id"))
            .orElseGet(() -> UUID.randomUUID().toString()),
        first(known.get("default_format"), header.apply("X-ClickHouse-Format"))
            .orElse("TabSeparated"),
        roles,
        settings,
        parameters,
        isOn(known.get("compress")),
        isOn(known.get("decompress")));
  }

  /** The statements that make a fresh session into the one asked for. */
  List<String> sessionStatements() throws EngineException {
    List<String> statements = new ArrayList<>();
    if (!database.isEmpty()) {
      statements.add("USE " + quote(database, '`'));
    }
    if (!roles.isEmpty()) {
      statements.add(
          "SET ROLE " + String.join(", ", roles.stream().map(r -> quote(r, '`')).toList()));
    }
    // The library turns these on by itself; a server does not.
    StringBuilder set =
        new StringBuilder("SET implicit_select = 0, allow_introspection_functions = 0");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      append(set, setting.getKey(), setting.getValue());
    }
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      append(set, PARAMETER + parameter.getKey(), parameter.getValue());
    }
    statements.add(set.toString());
    return statements;
  }

  private static void append(StringBuilder set, String name, String value) throws EngineException {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw EngineException.of(115, "UNKNOWN_SETTING", "Unknown setting '" + name + "'");
    }
    set.append(", ").append(name).append(" = ").append(quote(value, '\''));
  }

  private static String quote(String text, char quote) {
    return quote + text.replace("\\", "\\\\").replace("" + quote, "\\" + quote) + quote;
  }

  private static String decode(String text) throws EngineException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw EngineException.of(1000, "POCO_EXCEPTION", "Bad URI syntax");
    }
  }

  private static String[] basicCredentials(String authorization) throws EngineException {
    if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return new String[2];
    }
    try {
      String text =
          new String(
              Base64.getDecoder().decode(authorization.substring(6).strip()),
              StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0
          ? new String[] {text, ""}
          : new String[] {text.substring(0, colon), text.substring(colon + 1)};
    } catch (IllegalArgumentException e) {
      throw EngineException.of(516, "AUTHENTICATION_FAILED", "Invalid HTTP Basic credentials");
    }
  }

  private static Optional<String> first(String... values) {
    for (String value : values) {
      if (value != null && !value.isEmpty()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private static boolean isOn(String value) {
    return "1".equals(value) || "true".equals(value);
  }
}
