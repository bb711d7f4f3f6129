package dev.tributary.redis.link;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.config.RedisAddress.Host;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections to the masters of a Redis Cluster. Calls are split by slot and sent to all nodes
 * before the first reply is read, so that the nodes work side by side. Redirections are followed;
 * as no two calls of one exchange depend on each other unless they are of one slot, and those of
 * one slot are redirected together, the order of calls on a key stays.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Cluster
 *     specification, redirection and resharding</a>
 */
final class ClusterLink implements RedisLink {
  private static final int MAX_REDIRECTIONS = 8;
  private static final Call ASKING = Call.onServer("ASKING");

  private final List<Host> seeds;
  private final Nodes connector;
  private final Map<Host, NodeConnection> nodes = new LinkedHashMap<>();
  private Topology topology;
  private long bytesOfClosed;

  private ClusterLink(List<Host> seeds, Nodes connector) {
    this.seeds = seeds;
    this.connector = connector;
  }

  /** Connects to all masters that the first host which answers knows. */
  static ClusterLink open(List<Host> seeds, Nodes nodes) {
    ClusterLink link = new ClusterLink(seeds, nodes);
    boolean opened = false;
    try {
      link.discover();
      opened = true;
      return link;
    } finally {
      if (!opened) {
        link.close();
      }
    }
  }

  @Override
  public List<Object> exchange(List<Call> calls) {
    Object[] replies = new Object[calls.size()];
    List<Integer> open = new ArrayList<>(calls.size());
    for (int i = 0; i < replies.length; i++) {
      if (calls.get(i).slot() == Call.EVERY_NODE) {
        replies[i] = onEveryNode(calls.get(i));
      } else {
        open.add(i);
      }
    }
    Map<Integer, Host> asked = new LinkedHashMap<>();
    for (int round = 0; !open.isEmpty(); round++) {
      if (round == MAX_REDIRECTIONS) {
        throw new LinkException("the cluster redirects on and on; slots are being moved", null);
      }
      open = round(calls, open, asked, replies);
    }
    return List.of(replies);
  }

  @Override
  public long bytesSent() {
    return bytesOfClosed + nodes.values().stream().mapToLong(NodeConnection::bytesSent).sum();
  }

  @Override
  public void close() {
    nodes
        .values()
        .forEach(
            node -> {
              bytesOfClosed += node.bytesSent();
              node.close();
            });
    nodes.clear();
  }

  /**
   * Sends calls to where their slots are.
   *
   * @param asked where a call is to be sent this once, by its index
   * @return the indexes of calls that are to be sent elsewhere
   */
  private List<Integer> round(
      List<Call> calls, List<Integer> open, Map<Integer, Host> asked, Object[] replies) {
    Map<NodeConnection, List<Integer>> byNode = new LinkedHashMap<>();
    for (int index : open) {
      Host host = asked.get(index);
      NodeConnection node = node(host == null ? owner(calls.get(index).slot()) : host);
      byNode.computeIfAbsent(node, key -> new ArrayList<>()).add(index);
    }
    Map<NodeConnection, List<Call>> sent = new LinkedHashMap<>();
    byNode.forEach(
        (node, indexes) -> {
          List<Call> toSend = new ArrayList<>(indexes.size());
          for (int index : indexes) {
            if (asked.containsKey(index)) {
              toSend.add(ASKING);
            }
            toSend.add(calls.get(index));
          }
          node.send(toSend);
          sent.put(node, toSend);
        });
    List<Integer> redirected = new ArrayList<>();
    byNode.forEach(
        (node, indexes) -> {
          List<Object> received = node.receive(sent.get(node));
          int at = 0;
          for (int index : indexes) {
            if (asked.remove(index) != null) {
              at++;
            }
            replies[index] = received.get(at++);
            Redirect.of(replies[index], node.host())
                .ifPresent(
                    redirect -> {
                      redirected.add(index);
                      if (redirect.forGood()) {
                        topology.setOwner(redirect.slot(), redirect.to());
                      } else {
                        asked.put(index, redirect.to());
                      }
                    });
          }
        });
    return redirected;
  }

  private Object onEveryNode(Call call) {
    List<Call> one = List.of(call);
    nodes.values().forEach(node -> node.send(one));
    Object answer = null;
    for (NodeConnection node : nodes.values()) {
      Object reply = node.receive(one).get(0);
      if (answer == null || reply instanceof RedisError) {
        answer = reply;
      } else if (answer instanceof Long least && reply instanceof Long number && number < least) {
        answer = reply;
      }
    }
    return answer;
  }

  private Host owner(int slot) {
    Host owner = topology.owner(slot);
    if (owner == null) {
      throw new LinkException("CLUSTERDOWN: no node has slot " + slot, null);
    }
    return owner;
  }

  private NodeConnection node(Host host) {
    NodeConnection node = nodes.get(host);
    if (node == null) {
      node = connector.open(host);
      nodes.put(host, node);
    }
    return node;
  }

  private void discover() {
    LinkException failure = null;
    for (Host host : seeds) {
      try (NodeConnection seed = connector.open(host)) {
        topology = Topology.of(seed);
        topology.hosts().forEach(this::node);
        return;
      } catch (LinkException e) {
        failure = new LinkException(host + ": " + e.getMessage(), e);
      }
    }
    throw failure;
  }
}
