package dev.tributary.demo.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Random;

/**
 * The shop's two tables: {@code user_events}, which only grows, and {@code orders}, which change
 * and go.
 */
public final class ShopSchema {
  private ShopSchema() {}

  /** Creates the tables, without rows. */
  public static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE user_events (
            id bigserial PRIMARY KEY,
            user_id bigint NOT NULL,
            event_type text NOT NULL,
            ts timestamptz NOT NULL,
            amount numeric(12,2),
            engagement float8,
            data jsonb)
          """);
      statement.execute(
          """
          CREATE TABLE orders (
            id bigserial PRIMARY KEY,
            user_id bigint NOT NULL,
            status text NOT NULL,
            total numeric(12,2) NOT NULL,
            items int[] NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamp(3),
            note text)
          """);
    }
  }

  /** Rows that stand there before the pipeline starts, for the snapshot to read. */
  public static void seed(Connection connection, int events, int orders, int users)
      throws SQLException {
    Random random = new Random(7);
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (PreparedStatement event =
            connection.prepareStatement(
                "INSERT INTO user_events (user_id, event_type, ts, engagement) VALUES (?, 'view', ?, ?)");
        PreparedStatement order =
            connection.prepareStatement(
                "INSERT INTO orders (user_id, status, total, items, created_at) VALUES (?, 'NEW', ?, '{1,2}', ?)")) {
      Instant start = Instant.now().minusSeconds(600);
      for (int i = 0; i < events; i++) {
        event.setLong(1, 1 + random.nextInt(users));
        event.setTimestamp(2, Timestamp.from(start.plusMillis(i)));
        event.setDouble(3, ShopUser.engagement(random));
        event.addBatch();
      }
      event.executeBatch();
      for (int i = 0; i < orders; i++) {
        order.setLong(1, 1 + random.nextInt(users));
        order.setBigDecimal(2, ShopUser.total(random));
        order.setTimestamp(3, Timestamp.from(start.plusMillis(i)));
        order.addBatch();
      }
      order.executeBatch();
      connection.commit();
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }
}
