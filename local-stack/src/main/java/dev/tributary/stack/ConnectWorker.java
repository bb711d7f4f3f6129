package dev.tributary.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A distributed Connect worker in a JVM of its own. Its class path is Apache Kafka's alone; plugins
 * come from {@code plugin.path} and are found by their service manifests ({@code
 * plugin.discovery=service_load}). Several workers with the same group share their connectors.
 */
public final class ConnectWorker implements AutoCloseable {
  private static final String NAME = "Connect";

  private final OwnProcess process;
  private final ConnectRest rest;

  private ConnectWorker(OwnProcess process, ConnectRest rest) {
    this.process = process;
    this.rest = rest;
  }

  /** A worker of that broker. */
  public static Builder builder(KafkaBroker broker) {
    return new Builder(broker.bootstrapServers());
  }

  /** Its REST interface; the address is the same after a restart. */
  public ConnectRest rest() {
    return rest;
  }

  /** The id of the worker's process, another one after each restart. */
  public long pid() {
    return process.pid();
  }

  /** What the worker logs, over all restarts; deleted on {@link #close}. */
  public Path log() {
    return process.log();
  }

  /** Ends the worker with SIGKILL. */
  public void kill() {
    process.kill();
  }

  /** Stops the worker in good order: tasks are stopped and offsets stored. */
  public void stop() {
    process.stop();
  }

  /** Starts the worker again, whether it was killed, stopped or runs. */
  public void restart() {
    process.restart();
  }

  /** Ends the worker with SIGKILL and deletes its log. */
  @Override
  public void close() {
    process.close();
  }

  /** Settings of a worker before its start. */
  public static final class Builder {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private String groupId =
        "tributary-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private String heap = "512m";
    private Path pluginPath;

    private Builder(String bootstrapServers) {
      settings.put("bootstrap.servers", bootstrapServers);
      settings.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
      settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
      settings.put("plugin.discovery", "service_load");
      // connector configs take addresses and passwords from the environment
      settings.put("config.providers", "env");
      settings.put(
          "config.providers.env.class",
          "org.apache.kafka.common.config.provider.EnvVarConfigProvider");
      settings.put("config.storage.replication.factor", "1");
      settings.put("offset.storage.replication.factor", "1");
      settings.put("offset.storage.partitions", "5");
      settings.put("status.storage.replication.factor", "1");
      settings.put("status.storage.partitions", "2");
      settings.put("offset.flush.interval.ms", "1000");
      // a worker that is killed and started again takes its own connectors over at once
      settings.put("session.timeout.ms", "6000");
      settings.put("heartbeat.interval.ms", "1500");
      settings.put("scheduled.rebalance.max.delay.ms", "0");
      // and so do its sinks' consumers, which else wait 45 s for the dead ones to be given up
      settings.put("consumer.session.timeout.ms", "6000");
      // a worker that is killed in a transaction waits for its end before it starts again
      settings.put("producer.transaction.timeout.ms", "15000");
      settings.put("consumer.heartbeat.interval.ms", "1500");
    }

    /** The folder with the plugins; by default the one that {@code mvn package} fills. */
    public Builder pluginPath(Path path) {
      pluginPath = path;
      return this;
    }

    /** A worker setting, which wins over those of the stack. */
    public Builder setting(String key, String value) {
      settings.put(key, value);
      return this;
    }

    /** The group, after which its three topics are named too; by default a new one. */
    public Builder groupId(String id) {
      groupId = id;
      return this;
    }

    /** The largest heap, as after {@code -Xmx}; 512m by default. */
    public Builder heap(String size) {
      heap = size;
      return this;
    }

    /** Variables in the worker's environment, beside those of this JVM's own. */
    public Builder environment(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    /** A further option of the worker's JVM. */
    public Builder jvmOption(String option) {
      jvmOptions.add(option);
      return this;
    }

    /**
     * Starts the worker and returns when its REST interface says that it is ready.
     *
     * @throws StackException when it does not start
     */
    public ConnectWorker start() {
      Path plugins = Objects.requireNonNullElseGet(pluginPath, BuildRoot::plugins);
      if (!Files.isDirectory(plugins)) {
        throw new StackException("no plugin folder " + plugins + "; run mvn package first");
      }
      String url = "http://127.0.0.1:" + Ports.free();
      ConnectRest rest = new ConnectRest(url);
      OwnProcess process =
          OwnProcess.started(
              NAME, directory -> prepare(directory, url, plugins), log -> rest.isHealthy());
      return new ConnectWorker(process, rest);
    }

    private Program prepare(WorkDirectory directory, String url, Path plugins) throws IOException {
      Map<String, String> all = new LinkedHashMap<>();
      all.put("group.id", groupId);
      all.put("config.storage.topic", groupId + "-configs");
      all.put("offset.storage.topic", groupId + "-offsets");
      all.put("status.storage.topic", groupId + "-status");
      all.put("listeners", url);
      all.put("rest.advertised.host.name", "127.0.0.1");
      all.put("plugin.path", plugins.toString());
      all.putAll(settings);
      Path file = KafkaInstallation.properties(directory.resolve("worker.properties"), all);
      return new Program(
              NAME,
              KafkaInstallation.java(directory, heap, jvmOptions)
                  .running("org.apache.kafka.connect.cli.ConnectDistributed", file.toString()),
              directory.path())
          .withEnvironment(environment);
    }
  }
}
