package dev.tributary.redis.write;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.config.ConnectionKeys;
import dev.tributary.redis.config.ConnectionSettings;
import dev.tributary.redis.config.Problem;
import dev.tributary.redis.config.RedisSinkConfig;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.errors.Verdict;
import dev.tributary.redis.link.LinkException;
import dev.tributary.redis.link.RedisError;
import dev.tributary.redis.link.RedisLink;
import dev.tributary.redis.link.RedisRefusedException;
import dev.tributary.redis.link.Sources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a server lets us in and can what is asked of it, asked when a connector is validated. */
public final class ConnectionCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionCheck.class);

  /** Connect's REST API gives a validation 90 s, and its caller waits. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  private ConnectionCheck() {}

  /**
   * Logs in and pings.
   *
   * @return what the server has against it, shown at the key to change; nothing if it lets us in or
   *     cannot be reached, which is only told in the log
   */
  public static Optional<Problem> run(RedisSinkConfig config) {
    ConnectionSettings settings = config.connection().within(LONGEST_WAIT);
    RedisLink.Source source;
    try {
      source = Sources.of(settings);
    } catch (IllegalArgumentException e) {
      return Optional.of(new Problem(config.tlsKey(), null, e.getMessage()));
    }
    try (RedisLink link = source.open()) {
      Object reply = link.exchange(List.of(Call.onServer("PING"))).get(0);
      if (reply instanceof RedisError error) {
        return problem(settings, error);
      }
      for (Map.Entry<String, String> command : settings.needed().entrySet()) {
        try {
          LinkHolder.requireCommands(link, Map.of(command.getKey(), command.getValue()));
        } catch (RedisRefusedException e) {
          return Optional.of(
              new Problem(config.keyThatNeeds(command.getKey()), null, told(settings, e.error())));
        }
      }
      return Optional.empty();
    } catch (RedisRefusedException e) {
      return problem(settings, e.error());
    } catch (LinkException e) {
      if (e.isOfTls()) {
        return Optional.of(
            new Problem(
                config.tlsKey(),
                null,
                "Redis at " + settings.address() + ": no TLS: " + e.getMessage()));
      }
      LOG.warn(
          "Redis at {} cannot be reached now ({}); a connector with this setting waits until it"
              + " can",
          settings.address(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Problem> problem(ConnectionSettings settings, RedisError error) {
    String code = ErrorTable.code(error.reply());
    // NOPERM: the user is in, and needs no right to PING
    if (code.equals("NOPERM") || ErrorTable.verdict(error.reply()) == Verdict.RETRY) {
      return Optional.empty();
    }
    String reply = error.reply();
    boolean login = code.equals("NOAUTH") || code.equals("WRONGPASS") || reply.contains("AUTH");
    String key =
        login
            ? ConnectionKeys.PASSWORD
            : reply.contains("cluster support disabled")
                ? ConnectionKeys.CLUSTER
                : ConnectionKeys.URI;
    return Optional.of(new Problem(key, null, told(settings, error)));
  }

  private static String told(ConnectionSettings settings, RedisError error) {
    String remedy = ErrorTable.remedy(error.reply());
    return "Redis at "
        + settings.address()
        + " refuses: "
        + ErrorTable.words(error.reply())
        + (remedy.isEmpty() ? "" : "; " + remedy);
  }
}
