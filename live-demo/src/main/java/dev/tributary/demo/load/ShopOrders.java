package dev.tributary.demo.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The orders of one writer: they are made, change state, and some are deleted. Used by the writer's
 * thread alone.
 */
final class ShopOrders {
  private static final String[] STATUSES = {"NEW", "PAID", "SHIPPED", "DELIVERED"};
  private static final int MOST = 2_000;

  private final Random random;
  private final List<Long> live = new ArrayList<>();
  private Long inserted;
  private Long deleted;

  ShopOrders(Random random) {
    this.random = random;
  }

  /** Changes one order in the connection's transaction and tells how many rows changed. */
  int change(Connection connection) throws SQLException {
    int dice = random.nextInt(10);
    if (live.isEmpty() || (dice < 4 && live.size() < MOST)) {
      return insert(connection);
    }
    Long id = live.get(random.nextInt(live.size()));
    return dice == 9 || live.size() >= MOST ? delete(connection, id) : update(connection, id);
  }

  void committed() {
    if (inserted != null) {
      live.add(inserted);
    }
    if (deleted != null) {
      live.remove(deleted);
    }
    forgetUncommitted();
  }

  void forgetUncommitted() {
    inserted = null;
    deleted = null;
  }

  private int insert(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO orders (user_id, status, total, items, created_at)
            VALUES (?, 'NEW', ?, ?, ?) RETURNING id
            """)) {
      insert.setLong(1, 1 + random.nextInt(1_000));
      insert.setBigDecimal(2, ShopUser.total(random));
      insert.setArray(
          3, connection.createArrayOf("int4", new Integer[] {random.nextInt(100), null, 3}));
      insert.setTimestamp(4, Timestamp.from(Instant.now().truncatedTo(ChronoUnit.MICROS)));
      try (ResultSet keys = insert.executeQuery()) {
        keys.next();
        inserted = keys.getLong(1);
      }
    }
    return 1;
  }

  private int update(Connection connection, long id) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE orders SET status = ?, updated_at = localtimestamp, note = ? WHERE id = ?")) {
      update.setString(1, STATUSES[random.nextInt(STATUSES.length)]);
      update.setString(
          2, random.nextInt(4) == 0 ? null : "päckli\t№ " + random.nextInt(1_000) + " \\ 'ok'");
      update.setLong(3, id);
      return update.executeUpdate();
    }
  }

  private int delete(Connection connection, Long id) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM orders WHERE id = ?")) {
      delete.setLong(1, id);
      deleted = id;
      return delete.executeUpdate();
    }
  }
}
