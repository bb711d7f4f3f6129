package dev.tributary.redis.link;

import dev.tributary.redis.config.ConnectionSettings;
import dev.tributary.redis.config.RedisAddress.Host;
import java.util.List;
import java.util.function.Supplier;

/** The source of links that settings ask for. */
public final class Sources {
  private Sources() {}

  /**
   * A source; it connects when it is asked to.
   *
   * @throws IllegalArgumentException if a file that TLS needs cannot be read
   */
  public static RedisLink.Source of(ConnectionSettings settings) {
    Nodes nodes = Nodes.servers(settings);
    if (settings.cluster()) {
      return named(settings, () -> ClusterLink.open(settings.address().hosts(), nodes));
    }
    if (settings.address().sentinelMaster().isPresent()) {
      Sentinels sentinels = new Sentinels(settings.sentinelAddress(), Nodes.sentinels(settings));
      return named(
          settings, () -> new StandaloneLink(Roles.asMaster(nodes.open(sentinels.master()))));
    }
    return named(settings, () -> first(settings.address().hosts(), nodes));
  }

  /** The first host that answers and is no replica. */
  private static RedisLink first(List<Host> hosts, Nodes nodes) {
    if (hosts.size() == 1) {
      return new StandaloneLink(nodes.open(hosts.get(0)));
    }
    LinkException failure = null;
    for (Host host : hosts) {
      try {
        return new StandaloneLink(Roles.asMaster(nodes.open(host)));
      } catch (LinkException e) {
        failure = new LinkException(host + ": " + e.getMessage(), e);
      }
    }
    throw failure;
  }

  private static RedisLink.Source named(ConnectionSettings settings, Supplier<RedisLink> open) {
    return new RedisLink.Source() {
      @Override
      public RedisLink open() {
        return open.get();
      }

      @Override
      public String toString() {
        return settings.address().toString();
      }
    };
  }
}
