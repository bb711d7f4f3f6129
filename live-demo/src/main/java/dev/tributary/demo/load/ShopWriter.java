package dev.tributary.demo.load;

import dev.tributary.demo.load.ShopLoad.Committed;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection of the load. {@link #run} belongs to the writer's thread; {@link #stop} and {@link
 * #activity} to any.
 */
final class ShopWriter implements Runnable {
  private static final int MAX_EVENTS = 12;
  private static final String[] TYPES = {"view", "click", "purchase"};

  private final String jdbcUrl;
  private final ShopLoad load;
  private final Random random;
  private final List<ShopUser> users = new ArrayList<>();
  private final ShopOrders orders;
  private final double changesPerNano;
  private final Map<Long, Long> activity = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  ShopWriter(String jdbcUrl, ShopLoad.Settings settings, int number, ShopLoad load) {
    this.jdbcUrl = jdbcUrl;
    this.load = load;
    this.random = new Random(settings.seed() + number);
    for (long id = 1L + number; id <= settings.users(); id += settings.writers()) {
      users.add(new ShopUser(id));
    }
    this.orders = new ShopOrders(random);
    this.changesPerNano =
        (double) settings.changesPerSecond() / settings.writers() / TimeUnit.SECONDS.toNanos(1);
  }

  void stop() {
    stopped = true;
  }

  Map<Long, Long> activity() {
    return activity;
  }

  @Override
  public void run() {
    while (!stopped) {
      try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
        connection.setAutoCommit(false);
        write(connection);
      } catch (SQLException e) {
        if (!ShopLoad.isAway(e)) {
          throw new IllegalStateException(e);
        }
        // the server is being restarted: what was not committed is gone, and is not missed
        orders.forgetUncommitted();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
    }
  }

  private void write(Connection connection) throws SQLException {
    long start = System.nanoTime();
    long written = 0;
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO user_events (user_id, event_type, ts, amount, engagement, data)
            VALUES (?, ?, ?, ?, ?, ?::jsonb)
            """,
            Statement.RETURN_GENERATED_KEYS)) {
      while (!stopped) {
        written += transaction(connection, insert);
        long due = start + (long) (written / changesPerNano);
        for (long now = System.nanoTime(); now < due && !stopped; now = System.nanoTime()) {
          LockSupport.parkNanos(due - now);
        }
      }
    }
  }

  private int transaction(Connection connection, PreparedStatement insert) throws SQLException {
    List<Event> events = new ArrayList<>();
    for (int i = 1 + random.nextInt(MAX_EVENTS); i > 0; i--) {
      events.add(event());
    }
    for (Event event : events) {
      event.bind(insert);
      insert.addBatch();
    }
    insert.executeBatch();
    List<Long> ids = new ArrayList<>();
    try (ResultSet keys = insert.getGeneratedKeys()) {
      while (keys.next()) {
        ids.add(keys.getLong("id"));
      }
    }
    int rows = events.size() + (random.nextInt(3) == 0 ? orders.change(connection) : 0);
    connection.commit();
    orders.committed();
    long now = System.nanoTime();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      activity.merge(event.user.id, 1L, Long::sum);
      if (event.wild) {
        load.wentWild(ids.get(i));
      } else if (event.amount != null) {
        event.user.purchased(1);
      }
    }
    int last = events.size() - 1;
    load.committed(rows, new Committed(events.get(last).user.id, ids.get(last), now));
    return rows;
  }

  private Event event() {
    // a few users are much more active than the rest
    double skewed = Math.pow(random.nextDouble(), 2);
    ShopUser user = users.get((int) (skewed * users.size()));
    boolean wild = user.mayGoWild() && random.nextInt(40) == 0;
    if (wild) {
      user.wentWild();
    }
    String type = wild ? "purchase" : TYPES[random.nextInt(TYPES.length)];
    BigDecimal amount =
        wild ? user.wildAmount() : type.equals("purchase") ? user.amount(random) : null;
    // one in ten comes late
    long late = random.nextInt(10) == 0 ? random.nextInt(3_000) : 0;
    Instant ts = Instant.now().minusMillis(late).truncatedTo(ChronoUnit.MICROS);
    return new Event(user, type, ts, amount, ShopUser.engagement(random), wild);
  }

  private record Event(
      ShopUser user, String type, Instant ts, BigDecimal amount, double engagement, boolean wild) {
    void bind(PreparedStatement insert) throws SQLException {
      insert.setLong(1, user.id);
      insert.setString(2, type);
      insert.setTimestamp(3, Timestamp.from(ts));
      if (amount == null) {
        insert.setNull(4, Types.NUMERIC);
      } else {
        insert.setBigDecimal(4, amount);
      }
      insert.setDouble(5, engagement);
      insert.setString(6, "{\"page\": \"/product/" + user.id % 100 + "\"}");
    }
  }
}
