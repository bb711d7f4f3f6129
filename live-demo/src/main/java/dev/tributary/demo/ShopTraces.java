package dev.tributary.demo;

import dev.tributary.demo.check.ClickHouseQuery;
import dev.tributary.demo.check.Comparison;
import dev.tributary.stack.Await;
import dev.tributary.stack.LocalStack;
import dev.tributary.stack.StackException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * What the shop leaves on servers that were given by address, and that live on: tables, slot and
 * publication, hashes, topics. The demo takes away what it made, and does not begin where the like
 * of it is already there, as it may be somebody's.
 */
final class ShopTraces {
  private static final List<String> TABLES = List.of("user_events", "orders", "anomalies");
  private static final Set<String> TOPICS =
      Set.of("shop.public.user_events", "shop.public.orders", "__debezium-heartbeat.shop");
  private static final ScanParams HASHES =
      new ScanParams().match(Comparison.HASH_PREFIX + "*").count(1_000);

  private final LocalStack stack;
  private final ClickHouseQuery clickHouse;
  private final UnifiedJedis redis;

  ShopTraces(LocalStack stack, ClickHouseQuery clickHouse, UnifiedJedis redis) {
    this.stack = stack;
    this.clickHouse = clickHouse;
    this.redis = redis;
  }

  /**
   * Looks at the servers that were given by address.
   *
   * @throws StackException if one of them holds something that the shop would replace: what, and
   *     where
   */
  void refuseForeign() throws SQLException, IOException, InterruptedException {
    if (!stack.postgres().restartable()) {
      lookIntoPostgres();
    }
    if (!stack.clickHouse().restartable()) {
      for (String table : TABLES) {
        if (clickHouse.number("EXISTS TABLE " + table) == 1) {
          throw foreign("TRIBUTARY_CLICKHOUSE_URL", "table " + table);
        }
      }
    }
    if (!stack.redis().restartable()) {
      forEachHash(
          key -> {
            throw foreign("TRIBUTARY_REDIS_URL", "key " + key);
          });
    }
    if (!stack.kafka().restartable()) {
      try (Admin admin = admin()) {
        for (String topic : admin.listTopics().names().get()) {
          if (TOPICS.contains(topic)) {
            throw foreign("TRIBUTARY_KAFKA", "topic " + topic);
          }
        }
      } catch (ExecutionException e) {
        throw new StackException("the topics of Kafka cannot be listed: " + e.getCause(), e);
      }
    }
  }

  private void lookIntoPostgres() throws SQLException {
    try (Connection connection = DriverManager.getConnection(stack.postgres().jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                """
                SELECT 'table ' || tablename FROM pg_tables
                 WHERE schemaname = 'public' AND tablename IN ('user_events', 'orders')
                UNION ALL
                SELECT 'replication slot shop' FROM pg_replication_slots WHERE slot_name = 'shop'
                UNION ALL
                SELECT 'publication shop' FROM pg_publication WHERE pubname = 'shop'
                """)) {
      if (found.next()) {
        throw foreign("TRIBUTARY_POSTGRES_URL", found.getString(1));
      }
    }
  }

  private static StackException foreign(String server, String found) {
    return new StackException(
        "the server given by "
            + server
            + " already holds "
            + found
            + ", which the demo would replace; remove that, or give another server");
  }

  /** Takes away what the shop made on servers that live on. The worker must have ended. */
  void remove() {
    try {
      if (!stack.postgres().restartable()) {
        removeFromPostgres();
      }
      if (!stack.clickHouse().restartable()) {
        for (String table : TABLES) {
          clickHouse.rows("DROP TABLE IF EXISTS " + table);
        }
      }
      if (!stack.redis().restartable()) {
        forEachHash(redis::unlink);
      }
      if (!stack.kafka().restartable()) {
        try (Admin admin = admin()) {
          Set<String> there = admin.listTopics().names().get();
          admin.deleteTopics(TOPICS.stream().filter(there::contains).toList()).all().get();
        }
      }
    } catch (SQLException | IOException | ExecutionException e) {
      throw new StackException("what the demo made on a given server is still there: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeFromPostgres() throws SQLException {
    try (Connection connection = DriverManager.getConnection(stack.postgres().jdbcUrl());
        Statement statement = connection.createStatement()) {
      // the server notices with a delay that the worker is gone
      Await.untilPasses(
          "the replication slot shop to be free",
          Duration.ofSeconds(30),
          () ->
              statement.execute(
                  """
                  SELECT pg_drop_replication_slot(slot_name)
                  FROM pg_replication_slots WHERE slot_name = 'shop'
                  """));
      statement.execute("DROP PUBLICATION IF EXISTS shop");
      statement.execute("DROP TABLE IF EXISTS user_events, orders");
    }
  }

  private void forEachHash(Consumer<String> action) {
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> page = redis.scan(cursor, HASHES);
      page.getResult().forEach(action);
      cursor = page.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
  }
}
