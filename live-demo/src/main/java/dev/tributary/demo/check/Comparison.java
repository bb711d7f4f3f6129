package dev.tributary.demo.check;

import dev.tributary.demo.check.UserHistory.Event;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** Compares what the pipeline left in Redis and ClickHouse with what Postgres holds. */
public final class Comparison {
  /** Before the user's id in the key of the user's hash, as {@code config-examples/} have it. */
  public static final String HASH_PREFIX = "user_features:";

  private static final int DIFFERENCES_TOLD = 5;

  private final String jdbcUrl;
  private final String redisUri;
  private final ClickHouseQuery clickHouse;

  public Comparison(String jdbcUrl, String redisUri, ClickHouseQuery clickHouse) {
    this.jdbcUrl = jdbcUrl;
    this.redisUri = redisUri;
    this.clickHouse = clickHouse;
  }

  /**
   * Compares everything. The load must have ended.
   *
   * @param wildEvents the ids of the events that must have been flagged
   */
  public List<Check> run(Set<Long> wildEvents)
      throws SQLException, IOException, InterruptedException {
    // connections of its own each time: the servers may have been restarted since
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        RedisClient redis = RedisClient.create(redisUri)) {
      Collection<UserHistory> users = users(connection);
      List<Check> checks = new ArrayList<>();
      checks.add(orders(connection));
      checks.add(events(users));
      checks.add(features(users, redis));
      checks.addAll(anomalies(users, wildEvents));
      return checks;
    }
  }

  private Collection<UserHistory> users(Connection connection) throws SQLException {
    Map<Long, UserHistory> users = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT id, user_id, floor(extract(epoch FROM ts) * 1000)::bigint, amount, engagement
                FROM user_events ORDER BY id
                """)) {
      while (rows.next()) {
        double amount = rows.getDouble(4);
        if (rows.wasNull()) {
          amount = Double.NaN;
        }
        users
            .computeIfAbsent(rows.getLong(2), UserHistory::new)
            .events()
            .add(new Event(rows.getLong(1), rows.getLong(3), amount, rows.getDouble(5)));
      }
    }
    return users.values();
  }

  private Check orders(Connection connection)
      throws SQLException, IOException, InterruptedException {
    Map<Long, String> expected = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT id, user_id, status, total::text, array_to_string(items, ',', 'null'),
                       (extract(epoch FROM created_at) * 1000000)::bigint,
                       (extract(epoch FROM updated_at) * 1000)::bigint, note
                FROM orders
                """)) {
      while (rows.next()) {
        expected.put(rows.getLong(1), order(columns(rows, 8)));
      }
    }
    Map<Long, String> found = new HashMap<>();
    List<String> differences = new ArrayList<>();
    for (String[] row :
        rows(
            "orders",
            """
            SELECT id, user_id, status, toDecimalString(total, 2), arrayStringConcat(arrayMap(i -> ifNull(toString(i), 'null'), items), ','),
                   toUnixTimestamp64Micro(created_at), toUnixTimestamp64Milli(updated_at), note
            FROM orders FINAL WHERE _deleted = 0
            """)) {
      if (found.put(Long.valueOf(row[0]), order(row)) != null) {
        differences.add("order " + row[0] + " stands more than once in ClickHouse");
      }
    }
    compare("order", expected, found, differences);
    return new Check(
        "orders in ClickHouse (FINAL, not deleted)", expected.size(), found.size(), differences);
  }

  private Check events(Collection<UserHistory> users) throws IOException, InterruptedException {
    Set<Long> expected = new TreeSet<>();
    users.forEach(user -> user.events().forEach(event -> expected.add(event.id())));
    Set<Long> found = new TreeSet<>();
    List<String> differences = new ArrayList<>();
    for (String[] row : rows("user_events", "SELECT id FROM user_events")) {
      if (!found.add(Long.valueOf(row[0]))) {
        differences.add("event " + row[0] + " stands more than once in ClickHouse");
      }
    }
    compareSets("event", expected, found, differences);
    return new Check("events in ClickHouse, each once", expected.size(), found.size(), differences);
  }

  private static Check features(Collection<UserHistory> users, UnifiedJedis redis) {
    List<String> differences = new ArrayList<>();
    long found = 0;
    for (UserHistory user : users) {
      Map<String, String> hash = redis.hgetAll(HASH_PREFIX + user.userId());
      found += hash.isEmpty() ? 0 : 1;
      expectedFeatures(user)
          .forEach(
              (feature, expected) -> {
                if (!expected.equals(hash.get(feature))) {
                  tell(
                      differences,
                      () ->
                          "user "
                              + user.userId()
                              + ": "
                              + feature
                              + " must be "
                              + expected
                              + " but Redis has "
                              + hash.get(feature));
                }
              });
    }
    return new Check("users' features in Redis", users.size(), found, differences);
  }

  private static Map<String, String> expectedFeatures(UserHistory user) {
    int last = user.events().size() - 1;
    int anomalies = user.anomalies().get(last).size();
    Map<String, String> features = new TreeMap<>();
    features.put("id", Long.toString(user.events().get(last).id()));
    features.put("event_count_1min", Long.toString(user.countOver(60_000, last)));
    features.put("event_count_5min", Long.toString(user.countOver(300_000, last)));
    features.put("event_count_1hr", Long.toString(user.countOver(3_600_000, last)));
    features.put("total_event_count", Integer.toString(user.events().size()));
    features.put("is_anomalous", Boolean.toString(anomalies > 0));
    features.put("total_anomalies", Integer.toString(anomalies));
    return features;
  }

  private List<Check> anomalies(Collection<UserHistory> users, Set<Long> wildEvents)
      throws IOException, InterruptedException {
    Map<Long, String> expected = new HashMap<>();
    for (UserHistory user : users) {
      List<List<String>> anomalies = user.anomalies();
      for (int i = 0; i < anomalies.size(); i++) {
        if (!anomalies.get(i).isEmpty()) {
          expected.put(user.events().get(i).id(), String.join(",", anomalies.get(i)));
        }
      }
    }
    Map<Long, String> found = new HashMap<>();
    List<String> differences = new ArrayList<>();
    for (String[] row :
        rows(
            "anomalies",
            "SELECT id, arrayStringConcat(arrayMap(a -> a.feature, anomalies), ',') FROM anomalies")) {
      if (found.put(Long.valueOf(row[0]), row[1]) != null) {
        differences.add("the anomaly of event " + row[0] + " stands more than once");
      }
    }
    compare("event", expected, found, differences);
    Set<Long> wildFound = new TreeSet<>(wildEvents);
    wildFound.retainAll(found.keySet());
    List<String> missed = new ArrayList<>();
    compareSets("event in which a user went wild,", wildEvents, wildFound, missed);
    return List.of(
        new Check("anomalies in ClickHouse", expected.size(), found.size(), differences),
        new Check("injected anomalies flagged", wildEvents.size(), wildFound.size(), missed));
  }

  /**
   * The rows of a query on a table; none where the table is not there yet, as it comes with its
   * first row.
   */
  private List<String[]> rows(String table, String sql) throws IOException, InterruptedException {
    return clickHouse.number("EXISTS TABLE " + table) == 1 ? clickHouse.rows(sql) : List.of();
  }

  private static void compare(
      String what, Map<Long, String> expected, Map<Long, String> found, List<String> differences) {
    expected.forEach(
        (id, row) -> {
          String other = found.get(id);
          if (!Objects.equals(row, other)) {
            tell(
                differences,
                () ->
                    what
                        + " "
                        + id
                        + (other == null
                            ? " is missing: " + row
                            : " must be " + row + " but is " + other));
          }
        });
    found.forEach(
        (id, row) -> {
          if (!expected.containsKey(id)) {
            tell(differences, () -> what + " " + id + " must not be there: " + row);
          }
        });
  }

  private static void compareSets(
      String what, Set<Long> expected, Set<Long> found, List<String> differences) {
    Map<Long, String> expectedRows = new HashMap<>();
    expected.forEach(id -> expectedRows.put(id, "there"));
    Map<Long, String> foundRows = new HashMap<>();
    found.forEach(id -> foundRows.put(id, "there"));
    compare(what, expectedRows, foundRows, differences);
  }

  /** The first differences are told in full; of the rest it is enough that they are there. */
  private static void tell(List<String> differences, Supplier<String> difference) {
    differences.add(differences.size() < DIFFERENCES_TOLD ? difference.get() : "and more");
  }

  private static String[] columns(ResultSet row, int count) throws SQLException {
    String[] columns = new String[count];
    for (int i = 0; i < count; i++) {
      columns[i] = row.getString(i + 1);
    }
    return columns;
  }

  private static String order(String[] columns) {
    return String.join(" | ", java.util.Arrays.stream(columns).map(String::valueOf).toList());
  }
}
