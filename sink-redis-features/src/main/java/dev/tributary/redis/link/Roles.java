package dev.tributary.redis.link;

import dev.tributary.redis.command.Call;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells masters from replicas. */
final class Roles {
  private Roles() {}

  /**
   * The node, if it takes writes.
   *
   * @throws LinkException if it is a replica; it is closed then
   */
  static NodeConnection asMaster(NodeConnection node) {
    boolean master = false;
    try {
      List<Call> role = List.of(Call.onServer("ROLE"));
      node.send(role);
      // a user without the right to ask will find out with the first write
      master =
          !(node.receive(role).get(0) instanceof List<?> answer)
              || !(answer.get(0) instanceof byte[] name)
              || new String(name, StandardCharsets.US_ASCII).equals("master");
      if (master) {
        return node;
      }
      throw new LinkException(node.host() + " is a replica now", null);
    } finally {
      if (!master) {
        node.close();
      }
    }
  }
}
