package dev.tributary.redis.link;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.config.RedisAddress;
import dev.tributary.redis.config.RedisAddress.Host;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks Sentinels where the master is, one after the other until one knows. They are asked anew for
 * each connection: a failover breaks the old one, or makes the old master refuse writes (READONLY).
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/sentinel-clients/">Guidelines for
 *     clients with support for Redis Sentinel</a>
 */
final class Sentinels {
  private final RedisAddress address;
  private final Nodes nodes;
  private final String master;

  Sentinels(RedisAddress address, Nodes nodes) {
    this.address = address;
    this.nodes = nodes;
    this.master = address.sentinelMaster().orElseThrow();
  }

  /**
   * The master's address.
   *
   * @throws LinkException if no Sentinel answers or none knows the master
   * @throws RedisRefusedException if one answers with an error
   */
  Host master() {
    StringBuilder failures = new StringBuilder();
    for (Host host : address.hosts()) {
      try (NodeConnection sentinel = nodes.open(host)) {
        List<Call> question = List.of(Call.onServer("SENTINEL", "get-master-addr-by-name", master));
        sentinel.send(question);
        Object answer = sentinel.receive(question).get(0);
        if (answer instanceof RedisError error) {
          throw new RedisRefusedException(error);
        }
        if (answer instanceof List<?> place && place.size() == 2) {
          return new Host(text(place.get(0)), Integer.parseInt(text(place.get(1))));
        }
        failures.append("; Sentinel ").append(host).append(" knows no master '").append(master);
        failures.append('\'');
      } catch (LinkException e) {
        failures.append("; Sentinel ").append(host).append(": ").append(e.getMessage());
      }
    }
    throw new LinkException("no Sentinel tells the master" + failures, null);
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
