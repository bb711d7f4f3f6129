package dev.tributary.redis.write;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.config.RedisAddress;
import dev.tributary.redis.config.RedisSinkConfig;
import dev.tributary.redis.config.RedisSinkConfig.Problem;
import dev.tributary.redis.errors.ErrorTable;
import dev.tributary.redis.errors.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a server lets us in, asked when a connector is validated. */
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
    RedisAddress address = config.address();
    RedisLink.Source source =
        StandaloneLink.source(address, shorter(config.connectTimeout()), shorter(config.timeout()));
    try (RedisLink link = source.open()) {
      Object reply = link.exchange(List.of(Call.onServer("PING"))).get(0);
      return reply instanceof RedisError error ? problem(address, error) : Optional.empty();
    } catch (RedisRefusedException e) {
      return problem(address, e.error());
    } catch (LinkException e) {
      LOG.warn(
          "Redis at {} cannot be reached now ({}); a connector with this setting waits until it"
              + " can",
          address,
          e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Problem> problem(RedisAddress address, RedisError error) {
    String code = ErrorTable.code(error.reply());
    // NOPERM: the user is in, and needs no right to PING
    if (code.equals("NOPERM") || ErrorTable.verdict(error.reply()) == Verdict.RETRY) {
      return Optional.empty();
    }
    boolean login =
        code.equals("NOAUTH") || code.equals("WRONGPASS") || error.reply().contains("AUTH");
    String key = login ? RedisSinkConfig.PASSWORD : RedisSinkConfig.URI;
    String remedy = ErrorTable.remedy(error.reply());
    return Optional.of(
        new Problem(
            key,
            null,
            "Redis at "
                + address
                + " refuses: "
                + ErrorTable.words(error.reply())
                + (remedy.isEmpty() ? "" : "; " + remedy)));
  }

  private static Duration shorter(Duration timeout) {
    return timeout.compareTo(LONGEST_WAIT) < 0 ? timeout : LONGEST_WAIT;
  }
}
