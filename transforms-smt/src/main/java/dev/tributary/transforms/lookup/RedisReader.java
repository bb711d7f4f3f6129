package dev.tributary.transforms.lookup;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Asks Redis, and says of each error what it means. Confined to the task's thread. */
final class RedisReader implements AutoCloseable {
  private final RedisSettings settings;
  private final Command command;
  private final String[] fields;
  private UnifiedJedis client;

  /** How a record is kept in Redis. */
  enum Command {
    GET,
    HGETALL,
    HMGET
  }

  /**
   * A reader; connects with the first question.
   *
   * @param fields of HMGET
   */
  RedisReader(RedisSettings settings, Command command, List<String> fields) {
    this.settings = settings;
    this.command = command;
    this.fields = fields.toArray(String[]::new);
  }

  Answer read(String key) {
    try {
      if (client == null) {
        client = Clients.open(settings);
      }
      return ask(key);
    } catch (JedisAccessControlException e) {
      return new Answer.Away(settings + " refuses: " + e.getMessage(), false);
    } catch (JedisDataException e) {
      return ofReply(e);
    } catch (JedisException e) {
      close(); // a cluster's or a Sentinel's view may be of yesterday
      return new Answer.Away(settings + " cannot be reached: " + e.getMessage(), true);
    }
  }

  private Answer ofReply(JedisDataException e) {
    String error = String.valueOf(e.getMessage());
    String code = error.contains(" ") ? error.substring(0, error.indexOf(' ')) : error;
    return switch (code) {
      case "WRONGTYPE" ->
          new Answer.Unreadable("the key holds another type than " + command + " reads");
      case "NOAUTH", "WRONGPASS", "NOPERM" ->
          new Answer.Away(settings + " refuses: " + error, false);
      default -> new Answer.Away(settings + " answers: " + error, true); // LOADING and the like
    };
  }

  private Answer ask(String key) {
    return switch (command) {
      case GET -> ofJson(client.get(key));
      case HGETALL -> {
        Map<String, String> all = client.hgetAll(key);
        yield all.isEmpty() ? Answer.MISSING : new Answer.Found(new LinkedHashMap<>(all));
      }
      case HMGET -> ofFields(client.hmget(key, fields));
    };
  }

  private static Answer ofJson(String text) {
    try {
      return text == null ? Answer.MISSING : new Answer.Found(Json.object(text));
    } catch (IllegalArgumentException e) {
      return new Answer.Unreadable(e.getMessage());
    }
  }

  private Answer ofFields(List<String> values) {
    Map<String, Object> found = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i++) {
      if (values.get(i) != null) {
        found.put(fields[i], values.get(i));
      }
    }
    return found.isEmpty() ? Answer.MISSING : new Answer.Found(found);
  }

  @Override
  public void close() {
    if (client != null) {
      try {
        client.close();
      } finally {
        client = null;
      }
    }
  }
}
