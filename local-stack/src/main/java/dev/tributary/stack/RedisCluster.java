package dev.tributary.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Redis Cluster of three masters on this machine, with every acknowledged write on disk. */
public final class RedisCluster implements AutoCloseable {
  private static final int NODES = 3;
  private static final int SLOTS = 16_384;

  /** How far above its port a node has its bus; Redis 6 has no setting for it. */
  private static final int BUS = 10_000;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final List<RedisNode> nodes = new ArrayList<>();

  private RedisCluster() {}

  /**
   * Starts the nodes, deals out the slots, and returns when all nodes see the cluster whole.
   *
   * @throws StackException when it does not come about
   */
  public static RedisCluster start() {
    RedisCluster cluster = new RedisCluster();
    boolean started = false;
    try {
      for (int i = 0; i < NODES; i++) {
        cluster.nodes.add(startNode());
      }
      cluster.join();
      started = true;
      return cluster;
    } catch (IOException e) {
      throw new StackException("the Redis Cluster could not be set up: " + e.getMessage(), e);
    } finally {
      if (!started) {
        cluster.close();
      }
    }
  }

  private static RedisNode startNode() {
    List<String> configuration =
        List.of(
            "cluster-enabled yes",
            "cluster-node-timeout 15000",
            "appendonly yes",
            "appendfsync always",
            "save \"\"");
    return RedisNode.start(Ports.freePair(BUS), configuration, List.of());
  }

  private void join() throws IOException {
    int share = SLOTS / NODES + 1;
    for (int i = 0; i < NODES; i++) {
      List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      for (int slot = i * share; slot < Math.min(SLOTS, (i + 1) * share); slot++) {
        command.add(Integer.toString(slot));
      }
      RespClient.once(port(i), command.toArray(String[]::new));
      RespClient.once(port(i), "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    for (int i = 1; i < NODES; i++) {
      RespClient.once(port(0), "CLUSTER", "MEET", "127.0.0.1", Integer.toString(port(i)));
    }
    for (int i = 0; i < NODES; i++) {
      int port = port(i);
      Await.until(
          "the Redis Cluster to be whole",
          PATIENCE,
          () -> {
            String info = (String) RespClient.once(port, "CLUSTER", "INFO");
            return info.contains("cluster_state:ok")
                && info.contains("cluster_known_nodes:" + NODES);
          });
    }
  }

  /** {@code redis://127.0.0.1:PORT} of the first node. */
  public String uri() {
    return "redis://127.0.0.1:" + port(0);
  }

  /** The port of a node. */
  public int port(int node) {
    return nodes.get(node).port();
  }

  /** How many nodes there are. */
  public int size() {
    return nodes.size();
  }

  /** Ends a node with SIGKILL. */
  public void kill(int node) {
    nodes.get(node).kill();
  }

  /** Starts a killed node again on its data. */
  public void restart(int node) {
    nodes.get(node).start();
  }

  /**
   * Begins to move a slot; keys that a node does not have any more are asked for elsewhere (ASK).
   */
  public void beginMove(int slot, int from, int to) {
    try {
      setSlot(to, slot, "IMPORTING", id(from));
      setSlot(from, slot, "MIGRATING", id(to));
    } catch (IOException e) {
      throw new StackException("slot " + slot + " cannot be moved: " + e.getMessage(), e);
    }
  }

  /** Moves the keys of a slot that is being moved, and the slot itself (MOVED from then on). */
  public void endMove(int slot, int from, int to) {
    try {
      while (true) {
        List<?> keys =
            (List<?>)
                RespClient.once(
                    port(from), "CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "100");
        if (keys.isEmpty()) {
          break;
        }
        for (Object key : keys) {
          RespClient.once(
              port(from),
              "MIGRATE",
              "127.0.0.1",
              Integer.toString(port(to)),
              key.toString(),
              "0",
              "10000");
        }
      }
      setSlot(to, slot, "NODE", id(to));
      setSlot(from, slot, "NODE", id(to));
    } catch (IOException e) {
      throw new StackException("slot " + slot + " cannot be moved: " + e.getMessage(), e);
    }
  }

  private void setSlot(int at, int slot, String state, String node) throws IOException {
    RespClient.once(port(at), "CLUSTER", "SETSLOT", Integer.toString(slot), state, node);
  }

  private String id(int node) throws IOException {
    return (String) RespClient.once(port(node), "CLUSTER", "MYID");
  }

  @Override
  public void close() {
    nodes.forEach(RedisNode::close);
  }
}
