package dev.tributary.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Kafka broker that is its own KRaft controller, in a JVM of its own, for one-node use: every
 * replication factor is 1, groups rebalance without delay, topics are created when first used. It
 * comes from {@code TRIBUTARY_KAFKA} ({@code HOST:PORT,...}), else it is a process on fresh data,
 * which are deleted on {@link #close}. There is no variant in Docker: the broker needs nothing but
 * the JVM that is there anyway.
 */
public final class KafkaBroker extends StackServer {
  private static final String NAME = "Kafka";
  private static final String HEAP = "512m";
  private static final String STARTED = "] Kafka Server started";
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

  /** Any 16 bytes in base64: there is one cluster per data folder. */
  private static final String CLUSTER_ID = "dHJpYnV0YXJ5LXN0YWNrMQ";

  private final String bootstrapServers;

  private KafkaBroker(String bootstrapServers, Backing backing) {
    super(backing);
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker and returns when it serves.
   *
   * @throws StackException when it does not start
   */
  public static KafkaBroker start() {
    return start(Map.of());
  }

  /**
   * Starts a broker with further settings of {@code server.properties}, which win over those of the
   * stack; one given by address keeps its own.
   */
  public static KafkaBroker start(Map<String, String> extra) {
    return start(extra, Environment.ofThisProcess());
  }

  static KafkaBroker start(Map<String, String> extra, Environment environment) {
    if (environment.get(Environment.KAFKA).isPresent()) {
      return given(environment.get(Environment.KAFKA).get());
    }
    return embedded(extra);
  }

  private static KafkaBroker given(String servers) {
    String first = servers.split(",", 2)[0].strip();
    int colon = first.lastIndexOf(':');
    if (colon < 1 || !first.substring(colon + 1).matches("\\d{1,5}")) {
      throw new StackException(Environment.KAFKA + " is not of the form HOST:PORT,...");
    }
    InetSocketAddress address =
        new InetSocketAddress(
            first.substring(0, colon), Integer.parseInt(first.substring(colon + 1)));
    GivenAddress given = new GivenAddress(NAME, Environment.KAFKA);
    given.check(() -> listens(address));
    return new KafkaBroker(servers, given);
  }

  private static boolean listens(InetSocketAddress address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) CONNECT_WITHIN.toMillis());
      return true;
    }
  }

  private static KafkaBroker embedded(Map<String, String> extra) {
    String address = "127.0.0.1:" + Ports.free();
    Backing backing =
        OwnProcess.started(
            NAME, directory -> prepare(directory, address, extra), log -> log.contains(STARTED));
    return new KafkaBroker(address, backing);
  }

  private static Program prepare(WorkDirectory directory, String address, Map<String, String> extra)
      throws IOException {
    Map<String, String> settings = settings(address, directory.resolve("data"));
    settings.putAll(extra);
    Path file = KafkaInstallation.properties(directory.resolve("server.properties"), settings);
    format(directory, file);
    return new Program(
        NAME,
        KafkaInstallation.java(directory, HEAP, List.of()).running("kafka.Kafka", file.toString()),
        directory.path());
  }

  private static void format(WorkDirectory directory, Path settings) throws IOException {
    List<String> quickStart = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    List<String> command =
        KafkaInstallation.java(directory, HEAP, quickStart)
            .running(
                "kafka.tools.StorageTool",
                "format",
                "--ignore-formatted",
                "--cluster-id",
                CLUSTER_ID,
                "--config",
                settings.toString());
    ChildProcess.run(new Program("Kafka's storage format", command, directory.path()));
  }

  private static Map<String, String> settings(String address, Path data) {
    String controller = "127.0.0.1:" + Ports.free();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@" + controller);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listeners", "PLAINTEXT://" + address + ",CONTROLLER://" + controller);
    settings.put("advertised.listeners", "PLAINTEXT://" + address);
    settings.put("log.dirs", data.toString());
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "4");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.min.session.timeout.ms", "1000");
    // after SIGKILL the controller waits that long for the broker it knew before it takes the new
    // one
    settings.put("broker.session.timeout.ms", "4000");
    settings.put("broker.heartbeat.interval.ms", "1000");
    // by default the broker looks every ten seconds for transactions to abort
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");
    // by default a quarter of the heap
    settings.put("log.cleaner.dedupe.buffer.size", "8388608");
    return settings;
  }

  /** For {@code bootstrap.servers}; the same after a restart. */
  public String bootstrapServers() {
    return bootstrapServers;
  }
}
