package dev.tributary.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.stack.RedisServer;
import java.net.URI;
import redis.clients.jedis.Jedis;

/** A database of its own on a server that someone may have given by address. */
final class TestRedis {
  private static final String DATABASE = "/9";

  private TestRedis() {}

  static String uri(RedisServer server) {
    return server.uri() + DATABASE;
  }

  static Jedis connect(RedisServer server) {
    return new Jedis(URI.create(uri(server)));
  }

  /** Only a server of our own may be killed, locked or filled. */
  static void assumeOurOwn(RedisServer server) {
    assumeTrue(server.restartable(), "the Redis was given by address");
  }
}
