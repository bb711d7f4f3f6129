package dev.tributary.transforms.chain;

import dev.tributary.common.config.Durations;
import dev.tributary.common.config.Validators;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The {@code restore.*} settings that every transform with state has. */
public final class RestoreConfig {
  public static final String RESTORE = "restore";
  public static final String BOOTSTRAP_SERVERS = "restore.bootstrap.servers";
  public static final String CLIENT_PREFIX = "restore.client.";
  public static final String VALUE_CONVERTER = "restore.value.converter";
  public static final String TOPIC = "restore.topic";
  public static final String TIMEOUT = "restore.timeout";
  public static final String RECENT_RECORDS = "restore.recent.records";
  public static final String SNAPSHOT_DIR = "restore.snapshot.dir";
  public static final String SNAPSHOT_INTERVAL = "restore.snapshot.interval";

  private static final String GROUP = "Restore";
  private static final String JSON_CONVERTER = "org.apache.kafka.connect.json.JsonConverter";
  private static final Pattern SERVER =
      Pattern.compile("([A-Z_]+://)?(\\[[0-9a-fA-F:.%]+]|[^\\s:/\\[\\],]+):\\d{1,5}");

  private RestoreConfig() {}

  /** Adds the settings to a transform's. */
  public static ConfigDef addTo(ConfigDef def) {
    return def.define(
            RESTORE,
            ConfigDef.Type.STRING,
            "topic",
            Validators.oneOf(RestoreSettings.Mode.class),
            ConfigDef.Importance.HIGH,
            "Where the state comes from after a start, a rebalance or a rewind. 'topic' reads the"
                + " topic's records again, so that features are the same as if nothing had"
                + " happened: in a sink the topic it reads, in a source the one it writes (its"
                + " records get a header 'tributary.order' for that; exact with exactly-once)."
                + " 'none' begins empty; a record that comes again is not counted again"
                + " and gets the current features."
                + " The topic is read with isolation.level=read_committed; where it is written in"
                + " transactions, the connector needs"
                + " consumer.override.isolation.level=read_committed. All of a connector's"
                + " transforms with state need the same.",
            GROUP,
            1,
            ConfigDef.Width.SHORT,
            "Restore from",
            Choices.of("topic", "none"))
        .define(
            BOOTSTRAP_SERVERS,
            ConfigDef.Type.STRING,
            "",
            Validators.of("host:port,host:port,...", RestoreConfig::checkServers),
            ConfigDef.Importance.HIGH,
            "The Kafka servers to read the topic from; needed with restore=topic. Usually what the"
                + " worker has as bootstrap.servers. Of several transforms in a connector, the"
                + " first one's restore settings are used.",
            GROUP,
            2,
            ConfigDef.Width.LONG,
            "Restore: Kafka servers",
            new Choices(List.of(), RestoreConfig::checkServersAnswer))
        .define(
            VALUE_CONVERTER,
            ConfigDef.Type.STRING,
            JSON_CONVERTER,
            Validators.notBlank(),
            ConfigDef.Importance.MEDIUM,
            "The converter that reads the values of the topic: the same as the connector's"
                + " value.converter. Its settings are given as "
                + VALUE_CONVERTER
                + ".*, for example "
                + VALUE_CONVERTER
                + ".schemas.enable. Settings of the Kafka client, for example for TLS or SASL,"
                + " are given as "
                + CLIENT_PREFIX
                + "*.",
            GROUP,
            3,
            ConfigDef.Width.LONG,
            "Restore: value converter",
            new Choices(List.of(), RestoreConfig::checkConverter))
        .define(
            TIMEOUT,
            ConfigDef.Type.STRING,
            "5m",
            Validators.duration(),
            ConfigDef.Importance.LOW,
            "How long the task waits for Kafka while nothing more comes of the records to restore"
                + " from, before it stops with an error.",
            GROUP,
            4,
            ConfigDef.Width.SHORT,
            "Restore: timeout")
        .define(
            RECENT_RECORDS,
            ConfigDef.Type.INT,
            5_000,
            Validators.of("from 1 to 10000000", ConfigDef.Range.between(1, 10_000_000)),
            ConfigDef.Importance.LOW,
            "Of how many of a partition's latest records the task keeps what it made of them. If"
                + " the consumer goes back to one of these (a rebalance, a failed commit), it gets"
                + " the same again at once; if it goes back further, the state is made again from"
                + " the topic. At least the consumer's max.poll.records, and as many as a sink"
                + " holds back before they can be committed. Costs the memory of so many rows per"
                + " partition.",
            GROUP,
            5,
            ConfigDef.Width.SHORT,
            "Restore: recent records")
        .define(
            TOPIC,
            ConfigDef.Type.STRING,
            "${topic}",
            Validators.notBlank(),
            ConfigDef.Importance.LOW,
            "In a source: the topic that is written, where a transform behind these renames it;"
                + " ${topic} in it stands for the record's topic as it comes to these transforms.",
            GROUP,
            6,
            ConfigDef.Width.MEDIUM,
            "Restore: written topic")
        .define(
            SNAPSHOT_DIR,
            ConfigDef.Type.STRING,
            "",
            Validators.of("empty, or an absolute path", RestoreConfig::checkFolder),
            ConfigDef.Importance.MEDIUM,
            "In a sink: a folder for snapshots of the state, so that a restore reads only what came"
                + " after the latest one. Empty for none. A snapshot never changes a result: one"
                + " that does not fit is not used, and all may be deleted at any time. Best on a"
                + " disk that stays when the worker is started again; on one that all workers see,"
                + " rebalances gain too. All of a connector's transforms with state are in one"
                + " snapshot; the first one's setting is used.",
            GROUP,
            7,
            ConfigDef.Width.LONG,
            "Restore: snapshot folder")
        .define(
            SNAPSHOT_INTERVAL,
            ConfigDef.Type.STRING,
            "5m",
            Validators.duration(),
            ConfigDef.Importance.LOW,
            "How often a partition's state is written down, at most; besides, as the task ends."
                + " Less often where it would take more than a hundredth of the time, or where"
                + " fewer than 10,000 records came. The two latest are kept, as records come"
                + " again from the last committed offset on: longer than the sink takes to commit.",
            GROUP,
            8,
            ConfigDef.Width.SHORT,
            "Restore: snapshot interval");
  }

  /**
   * Reads the settings.
   *
   * @throws ConfigException if they do not fit each other
   */
  public static RestoreSettings of(AbstractConfig config) {
    checkServersGiven(BOOTSTRAP_SERVERS, config.values());
    checkConverter(VALUE_CONVERTER, config.values());
    return new RestoreSettings(
        Validators.constant(RestoreSettings.Mode.class, config.getString(RESTORE)),
        config.getString(BOOTSTRAP_SERVERS),
        Map.copyOf(config.originalsWithPrefix(CLIENT_PREFIX)),
        config.getString(VALUE_CONVERTER),
        Map.copyOf(config.originalsWithPrefix(VALUE_CONVERTER + ".")),
        config.getString(TOPIC),
        Durations.parse(config.getString(TIMEOUT)),
        config.getInt(RECENT_RECORDS),
        snapshots(config));
  }

  private static Optional<RestoreSettings.SnapshotFolder> snapshots(AbstractConfig config) {
    String folder = config.getString(SNAPSHOT_DIR);
    return folder.isBlank()
        ? Optional.empty()
        : Optional.of(
            new RestoreSettings.SnapshotFolder(
                Path.of(folder), Durations.parse(config.getString(SNAPSHOT_INTERVAL))));
  }

  /** That it can be written to is seen at the nearest folder above that is there. */
  private static void checkFolder(String name, Object value) {
    if (value == null || value.toString().isBlank()) {
      return;
    }
    Path folder;
    try {
      folder = Path.of(value.toString());
    } catch (InvalidPathException e) {
      throw new ConfigException(name, value, "is no path");
    }
    if (!folder.isAbsolute()) {
      throw new ConfigException(name, value, "write it from the root on");
    }
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new ConfigException(name, value, "the worker cannot write to the folder " + there);
    }
  }

  private static void checkServersGiven(String name, Map<String, ?> parsed) {
    Object servers = parsed.get(BOOTSTRAP_SERVERS);
    if (restores(parsed) && servers != null && servers.toString().isBlank()) {
      throw new ConfigException(
          name
              + " is needed with restore=topic: set it to the worker's bootstrap.servers, or set"
              + " restore=none and begin empty after each start");
    }
  }

  private static void checkServersAnswer(String name, Map<String, ?> parsed) {
    checkServersGiven(name, parsed);
    if (!restores(parsed)
        || !(parsed.get(BOOTSTRAP_SERVERS) instanceof String servers)
        || !areWellFormed(servers)) {
      return;
    }
    String problem = Reachability.problem(servers);
    if (problem != null) {
      throw new ConfigException(
          name,
          servers,
          "no server takes connections there: " + problem + "; set the worker's bootstrap.servers");
    }
  }

  private static void checkConverter(String name, Map<String, ?> parsed) {
    if (restores(parsed) && parsed.get(VALUE_CONVERTER) instanceof String converter) {
      try {
        StoredValues.converterClass(converter);
      } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
        throw new ConfigException(name, converter, "is no converter that is installed");
      }
    }
  }

  private static boolean restores(Map<String, ?> parsed) {
    return "topic".equalsIgnoreCase(String.valueOf(parsed.get(RESTORE)));
  }

  private static void checkServers(String name, Object value) {
    if (value == null || value.toString().isBlank()) {
      return;
    }
    if (!areWellFormed(value.toString())) {
      throw new ConfigException(
          name, value, "write host:port, several of them separated by commas");
    }
  }

  private static boolean areWellFormed(String servers) {
    return Arrays.stream(servers.split(",", -1))
        .allMatch(server -> SERVER.matcher(server.trim()).matches());
  }

  /** What a check across settings looks at: the values of all of a transform's keys by name. */
  @FunctionalInterface
  public interface Check {
    /**
     * Checks.
     *
     * @param parsed null for a key whose value is of the wrong type; values may be invalid
     * @throws ConfigException if the key's value does not fit the others
     * @throws IllegalArgumentException if one of them is invalid by itself; that is not shown
     */
    void check(String name, Map<String, ?> parsed);
  }

  /**
   * The choices of a key. Connect validates the settings of a transform key by key, but asks each
   * key's recommender with all values in hand, and shows its {@link ConfigException} at the key:
   * the one way to tell, before anything runs, that settings do not fit each other.
   */
  public static final class Choices implements ConfigDef.Recommender {
    private final List<Object> choices;
    private final Check check;

    public Choices(List<Object> choices, Check check) {
      this.choices = choices;
      this.check = check;
    }

    /** Choices without a check. */
    public static Choices of(String... choices) {
      return new Choices(List.of((Object[]) choices), (name, parsed) -> {});
    }

    @Override
    public List<Object> validValues(String name, Map<String, Object> parsed) {
      try {
        check.check(name, parsed);
      } catch (IllegalArgumentException e) {
        // a value that its own validator reports
        return new ArrayList<>(choices);
      }
      return new ArrayList<>(choices);
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsed) {
      return true;
    }
  }
}
