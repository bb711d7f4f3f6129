package dev.tributary.redis.link;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.command.Slots;
import dev.tributary.redis.config.RedisAddress.Host;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which node of a cluster has which slot. Belongs to one thread. */
final class Topology {
  private final Host[] owners = new Host[Slots.COUNT];

  private Topology() {}

  /**
   * Asks a node.
   *
   * @throws RedisRefusedException if it answers with an error
   */
  static Topology of(NodeConnection node) {
    List<Call> question = List.of(Call.onServer("CLUSTER", "SLOTS"));
    node.send(question);
    Object answer = node.receive(question).get(0);
    if (answer instanceof RedisError error) {
      throw new RedisRefusedException(error);
    }
    Topology topology = new Topology();
    for (Object range : (List<?>) answer) {
      List<?> parts = (List<?>) range;
      List<?> owner = (List<?>) parts.get(2);
      Host host = host(owner.get(0), ((Long) owner.get(1)).intValue(), node.host());
      Arrays.fill(
          topology.owners,
          ((Long) parts.get(0)).intValue(),
          ((Long) parts.get(1)).intValue() + 1,
          host);
    }
    return topology;
  }

  /** The owner of a slot, or null where it has none. */
  Host owner(int slot) {
    return owners[slot];
  }

  void setOwner(int slot, Host host) {
    owners[slot] = host;
  }

  /** All owners. */
  Set<Host> hosts() {
    Set<Host> hosts = new LinkedHashSet<>(Arrays.asList(owners));
    hosts.remove(null);
    return hosts;
  }

  /** A node that does not know its own name says nothing, and means the one it was asked by. */
  private static Host host(Object name, int port, Host asked) {
    String text = name instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    return new Host(text.isEmpty() || text.equals("?") ? asked.name() : text, port);
  }
}
