package dev.tributary.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis master with a replica, and three Sentinels that watch it and agree by two, on this
 * machine.
 */
public final class RedisSentinels implements AutoCloseable {
  /** The name that the Sentinels know the master by. */
  public static final String MASTER = "main";

  private static final int SENTINELS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> DATA =
      List.of("appendonly yes", "appendfsync always", "save \"\"", "repl-diskless-sync-delay 0");

  private final List<RedisNode> servers = new ArrayList<>();
  private final List<RedisNode> sentinels = new ArrayList<>();

  private RedisSentinels() {}

  /**
   * Starts all and returns when the Sentinels know each other and the replica.
   *
   * @throws StackException when it does not come about
   */
  public static RedisSentinels start() {
    RedisSentinels set = new RedisSentinels();
    boolean started = false;
    try {
      set.startAll();
      started = true;
      return set;
    } finally {
      if (!started) {
        set.close();
      }
    }
  }

  private void startAll() {
    servers.add(RedisNode.start(Ports.free(), DATA, List.of()));
    int master = servers.get(0).port();
    List<String> replica = new ArrayList<>(DATA);
    replica.add("replicaof 127.0.0.1 " + master);
    servers.add(RedisNode.start(Ports.free(), replica, List.of()));
    for (int i = 0; i < SENTINELS; i++) {
      sentinels.add(
          RedisNode.start(
              Ports.free(),
              List.of(
                  "sentinel monitor " + MASTER + " 127.0.0.1 " + master + " 2",
                  "sentinel down-after-milliseconds " + MASTER + " 1000",
                  "sentinel failover-timeout " + MASTER + " 5000"),
              List.of("--sentinel")));
    }
    for (RedisNode sentinel : sentinels) {
      Await.until(
          "the Sentinels to know each other and the replica",
          PATIENCE,
          () -> {
            List<?> state =
                (List<?>) RespClient.once(sentinel.port(), "SENTINEL", "MASTER", MASTER);
            return value(state, "num-slaves").equals("1")
                && value(state, "num-other-sentinels").equals(Integer.toString(SENTINELS - 1));
          });
    }
    Await.until(
        "the replica to follow",
        PATIENCE,
        () ->
            ((String) RespClient.once(servers.get(1).port(), "INFO", "replication"))
                .contains("master_link_status:up"));
  }

  private static String value(List<?> pairs, String name) {
    int at = pairs.indexOf(name);
    return at < 0 ? "" : String.valueOf(pairs.get(at + 1));
  }

  /** {@code redis-sentinel://127.0.0.1:PORT,...#main}. */
  public String uri() {
    return "redis-sentinel://" + String.join(",", hosts()) + "#" + MASTER;
  }

  /** {@code 127.0.0.1:PORT} of each Sentinel. */
  public List<String> hosts() {
    return sentinels.stream().map(sentinel -> "127.0.0.1:" + sentinel.port()).toList();
  }

  /** The port of the server that the first Sentinel takes for the master. */
  public int masterPort() {
    try {
      List<?> address =
          (List<?>)
              RespClient.once(
                  sentinels.get(0).port(), "SENTINEL", "get-master-addr-by-name", MASTER);
      return Integer.parseInt((String) address.get(1));
    } catch (IOException e) {
      throw new StackException("the Sentinel does not answer: " + e.getMessage(), e);
    }
  }

  /** Ends the first master with SIGKILL. */
  public void killFirstMaster() {
    servers.get(0).kill();
  }

  @Override
  public void close() {
    sentinels.forEach(RedisNode::close);
    servers.forEach(RedisNode::close);
  }
}
