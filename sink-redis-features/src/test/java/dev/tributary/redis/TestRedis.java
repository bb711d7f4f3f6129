package dev.tributary.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.stack.RedisServer;
import java.net.URI;
import java.util.Locale;
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

  /**
   * A command that not every Redis has. With {@code TRIBUTARY_REDIS_PROGRAM} or {@code
   * TRIBUTARY_REDIS_URL} the tests run on one that has it.
   *
   * @param servers which have it
   */
  static void assumeCommand(Jedis redis, String command, String servers) {
    assumeTrue(
        redis.commandInfo(command).containsKey(command.toLowerCase(Locale.ROOT)),
        () -> "needs " + servers + " for " + command + "; name one in TRIBUTARY_REDIS_PROGRAM");
  }
}
