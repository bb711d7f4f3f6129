package dev.tributary.redis;

import dev.tributary.stack.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.Jedis;

/** One Redis for the tests of a class, empty before each. */
abstract class WithRedis {
  static RedisServer server;
  static Jedis redis;

  @BeforeAll
  static void startServer() {
    server = RedisServer.start();
    redis = TestRedis.connect(server);
  }

  @AfterAll
  static void stopServer() {
    redis.close();
    server.close();
  }

  @BeforeEach
  void empty() {
    redis.flushDB();
  }
}
