package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import dev.tributary.common.error.Backoff;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.types.TypeModes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of the connector, under Debezium's names where the concept is the same. The keys are
 * described group by group in the classes named {@code ...Keys}; here they are read.
 */
public final class PgSourceConfig extends AbstractConfig {
  /** A setting of the task's producer, which Connect passes on. */
  public static final String TRANSACTION_TIMEOUT = "producer.override.transaction.timeout.ms";

  public static final ConfigDef CONFIG_DEF = define();

  private static ConfigDef define() {
    KeyDefinitions keys = new KeyDefinitions();
    ConnectionKeys.define(keys);
    ReplicationKeys.define(keys);
    FilterKeys.define(keys);
    OutputKeys.define(keys);
    TypeKeys.define(keys);
    SnapshotKeys.define(keys);
    DeliveryKeys.define(keys);
    TuningKeys.define(keys);
    RetryKeys.define(keys);
    return keys.built();
  }

  private final List<ColumnRules.Rule> columnRules;

  /** Reads and checks the settings. Unknown keys are ignored. */
  public PgSourceConfig(Map<String, String> properties) {
    super(CONFIG_DEF, CompatibleKeys.renamed(properties), false);
    columnRules = ColumnRules.rules(originalsStrings());
    exclusive(FilterKeys.TABLE_INCLUDE, FilterKeys.TABLE_EXCLUDE);
    exclusive(FilterKeys.SCHEMA_INCLUDE, FilterKeys.SCHEMA_EXCLUDE);
    exclusive(FilterKeys.COLUMN_INCLUDE, FilterKeys.COLUMN_EXCLUDE);
    exclusive(FilterKeys.MESSAGE_INCLUDE, FilterKeys.MESSAGE_EXCLUDE);
    snapshotOverrides();
    signalTopic();
    rowFormat();
  }

  /**
   * As much of a config as is needed to connect, whatever is wrong with the rest of it.
   *
   * @return empty if that is not there
   */
  public static Optional<PgSourceConfig> ofConnection(Map<String, String> properties) {
    Map<String, String> connection = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith("database.")) {
            connection.put(key, value);
          }
        });
    connection.put(OutputKeys.TOPIC_PREFIX, "any");
    try {
      return Optional.of(new PgSourceConfig(connection));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  private void exclusive(String include, String exclude) {
    if (!getList(include).isEmpty() && !getList(exclude).isEmpty()) {
      throw new ContradictionException(
          include, "cannot be set together with " + exclude + "; remove one of them");
    }
  }

  /** What a key says does not go with what another one says. */
  public static final class ContradictionException extends ConfigException {
    private static final long serialVersionUID = 1L;

    private final String key;

    ContradictionException(String key, String problem) {
      super(key + " " + problem);
      this.key = key;
    }

    /** The one to report it at. */
    public String key() {
      return key;
    }
  }

  public ConnectionSettings connection() {
    Map<String, String> ssl = new HashMap<>();
    ssl.put("sslmode", getString(ConnectionKeys.SSL_MODE));
    for (String key :
        List.of(ConnectionKeys.SSL_ROOT_CERT, ConnectionKeys.SSL_CERT, ConnectionKeys.SSL_KEY)) {
      if (getString(key) != null) {
        ssl.put(key.substring("database.".length()), getString(key));
      }
    }
    if (getPassword(ConnectionKeys.SSL_PASSWORD) != null) {
      ssl.put("sslpassword", getPassword(ConnectionKeys.SSL_PASSWORD).value());
    }
    return new ConnectionSettings(
        ServerAddress.parseAll(
            ConnectionKeys.HOSTNAME,
            getString(ConnectionKeys.HOSTNAME),
            getInt(ConnectionKeys.PORT)),
        getString(ConnectionKeys.DBNAME),
        getString(ConnectionKeys.USER),
        getPassword(ConnectionKeys.PASSWORD),
        ssl);
  }

  public TableFilter tables() {
    return new TableFilter(
        patterns(FilterKeys.TABLE_INCLUDE),
        patterns(FilterKeys.TABLE_EXCLUDE),
        patterns(FilterKeys.SCHEMA_INCLUDE),
        patterns(FilterKeys.SCHEMA_EXCLUDE));
  }

  private List<Pattern> patterns(String key) {
    return KeyDefinitions.compileAll(key, getList(key));
  }

  /** Which columns are captured, and what becomes of their values. */
  public ColumnRules columns() {
    return new ColumnRules(
        patterns(FilterKeys.COLUMN_INCLUDE),
        patterns(FilterKeys.COLUMN_EXCLUDE),
        columnRules,
        patterns(FilterKeys.COLUMN_SOURCE_TYPES),
        patterns(FilterKeys.TYPE_SOURCE_TYPES));
  }

  /** The operations that are not written, as letters. */
  public List<String> skippedOperations() {
    List<String> skipped =
        new ArrayList<>(
            getList(FilterKeys.SKIPPED_OPERATIONS).stream().map(String::strip).toList());
    if (rowFormat().isPresent()) {
      skipped.add("t"); // which has no row
    }
    return skipped;
  }

  public boolean skipsUnchanged() {
    return getBoolean(FilterKeys.SKIP_UNCHANGED);
  }

  /** Prefixes of logical messages that are written; empty for all. */
  public List<Pattern> includedMessages() {
    return patterns(FilterKeys.MESSAGE_INCLUDE);
  }

  public List<Pattern> excludedMessages() {
    return patterns(FilterKeys.MESSAGE_EXCLUDE);
  }

  public String slot() {
    return getString(ReplicationKeys.SLOT_NAME);
  }

  public boolean dropsSlotOnStop() {
    return getBoolean(ReplicationKeys.SLOT_DROP_ON_STOP);
  }

  /** Whether a slot that is created is also kept on standbys. */
  public boolean slotFailover() {
    return getBoolean(ReplicationKeys.SLOT_FAILOVER);
  }

  public int slotRetries() {
    return getInt(ReplicationKeys.SLOT_MAX_RETRIES);
  }

  public Duration slotRetryDelay() {
    return Duration.ofMillis(getLong(ReplicationKeys.SLOT_RETRY_DELAY));
  }

  public String publication() {
    return getString(ReplicationKeys.PUBLICATION_NAME);
  }

  /** Whether partitions come under their root's name; empty to do as the publication does. */
  public Optional<Boolean> publishesViaRoot() {
    return Optional.ofNullable(getBoolean(ReplicationKeys.PUBLISH_VIA_ROOT));
  }

  public PublicationMode publicationMode() {
    String mode = getString(ReplicationKeys.PUBLICATION_AUTOCREATE);
    if (mode == null) {
      return tables().includesByName() ? PublicationMode.FILTERED : PublicationMode.ALL_TABLES;
    }
    return PublicationMode.valueOf(mode.toUpperCase(Locale.ROOT));
  }

  public String topicPrefix() {
    return getString(OutputKeys.TOPIC_PREFIX);
  }

  public String topicDelimiter() {
    return getString(OutputKeys.TOPIC_DELIMITER);
  }

  public boolean tellsTransactions() {
    return getBoolean(OutputKeys.TRANSACTIONS);
  }

  /** Behind the prefix. */
  public String transactionTopic() {
    return getString(OutputKeys.TRANSACTION_TOPIC);
  }

  public String schemaNames() {
    return getString(OutputKeys.SCHEMA_NAMES);
  }

  public String fieldNames() {
    return getString(OutputKeys.FIELD_NAMES);
  }

  public MessageKeys messageKeys() {
    return MessageKeys.parse(getString(OutputKeys.MESSAGE_KEYS));
  }

  /** Which Connect types stand for the server's. */
  public TypeModes types() {
    return TypeKeys.read(this);
  }

  public boolean tombstones() {
    return getBoolean(OutputKeys.TOMBSTONES);
  }

  /** How rows are written without an envelope; empty to write envelopes. */
  public Optional<RowFormat> rowFormat() {
    if (!"row".equalsIgnoreCase(getString(OutputKeys.FORMAT))) {
      return Optional.empty();
    }
    return Optional.of(
        new RowFormat(
            Validators.constant(RowFormat.Deletes.class, getString(OutputKeys.DELETES)),
            AddedField.parseAll(
                getString(OutputKeys.ADD_FIELDS), getString(OutputKeys.ADD_FIELDS_PREFIX))));
  }

  public boolean contextHeaders() {
    return getBoolean(OutputKeys.EXTENDED_HEADERS);
  }

  /** Zero for no heartbeats. */
  public Duration heartbeatInterval() {
    return Duration.ofMillis(getInt(OutputKeys.HEARTBEAT_INTERVAL));
  }

  public String heartbeatTopic() {
    return getString(OutputKeys.HEARTBEAT_PREFIX) + "." + topicPrefix();
  }

  public SnapshotMode snapshotMode() {
    return SnapshotMode.of(getString(SnapshotKeys.SNAPSHOT_MODE));
  }

  /** Which of the captured tables a snapshot reads. */
  public Predicate<TableName> snapshotTables() {
    List<Pattern> included = patterns(SnapshotKeys.SNAPSHOT_INCLUDE);
    return table ->
        included.isEmpty()
            || included.stream().anyMatch(pattern -> pattern.matcher(table.toString()).matches());
  }

  /** Another text where the keys say otherwise which tables a snapshot reads. */
  public String snapshotFilter() {
    return Integer.toHexString(
        Stream.of(
                FilterKeys.TABLE_INCLUDE,
                FilterKeys.TABLE_EXCLUDE,
                FilterKeys.SCHEMA_INCLUDE,
                FilterKeys.SCHEMA_EXCLUDE,
                SnapshotKeys.SNAPSHOT_INCLUDE)
            .map(this::getList)
            .toList()
            .hashCode());
  }

  /** The SELECT that gives a table's rows in a snapshot, by {@code schema.table}. */
  public Map<String, String> snapshotOverrides() {
    Map<String, String> overrides = new HashMap<>();
    for (String listed : getList(SnapshotKeys.SNAPSHOT_OVERRIDES)) {
      String table = listed.strip();
      String key = SnapshotKeys.SNAPSHOT_OVERRIDES + "." + table;
      if (!(originals().get(key) instanceof String select) || select.isBlank()) {
        throw new ContradictionException(
            SnapshotKeys.SNAPSHOT_OVERRIDES,
            "lists " + table + ", but there is no SELECT under " + key);
      }
      overrides.put(table, select);
    }
    return overrides;
  }

  public int snapshotThreads() {
    return getInt(SnapshotKeys.SNAPSHOT_THREADS);
  }

  public int incrementalChunkRows() {
    return getInt(SnapshotKeys.INCREMENTAL_CHUNK);
  }

  /** Zero to look at the start alone. */
  public Duration newTablesInterval() {
    return Duration.ofMillis(getLong(SnapshotKeys.NEW_TABLES_INTERVAL));
  }

  /** Where signals are taken from. */
  public Optional<SignalTopic> signalTopic() {
    String topic = getString(SnapshotKeys.SIGNAL_TOPIC);
    if (topic == null || topic.isBlank()) {
      return Optional.empty();
    }
    if (getString(SnapshotKeys.SIGNAL_SERVERS) == null) {
      throw new ContradictionException(
          SnapshotKeys.SIGNAL_SERVERS, "must be set where signal.kafka.topic is");
    }
    return Optional.of(
        new SignalTopic(
            topic,
            getString(SnapshotKeys.SIGNAL_SERVERS),
            getString(SnapshotKeys.SIGNAL_GROUP) + "-" + topicPrefix() + connectorSuffix(),
            topicPrefix(),
            originalsWithPrefix(SnapshotKeys.SIGNAL_CONSUMER)));
  }

  /** Each connector takes the signals for itself, also where several have a topic.prefix. */
  private String connectorSuffix() {
    Object name = originals().get("name");
    return name == null ? "" : "-" + name;
  }

  public int maxBatch() {
    return getInt(TuningKeys.MAX_BATCH);
  }

  public int maxQueue() {
    return Math.max(getInt(TuningKeys.MAX_QUEUE), maxBatch());
  }

  /** How many records may wait for Connect: as many as a poll takes are enough. */
  public int readAhead() {
    return Math.min(maxQueue(), Math.max(maxBatch(), TuningKeys.READ_AHEAD));
  }

  public long maxQueueBytes() {
    long bytes = getLong(TuningKeys.MAX_QUEUE_BYTES);
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }

  /** Empty for none. */
  public Optional<String> heartbeatQuery() {
    return Optional.of(getString(DeliveryKeys.HEARTBEAT_ACTION_QUERY).strip())
        .filter(query -> !query.isEmpty());
  }

  /** Whether the config insists on each record being there once. */
  public boolean requiresExactlyOnce() {
    return "required".equalsIgnoreCase(originalsStrings().get("exactly.once.support"));
  }

  /** Whether the records of a poll are committed before the next one, if in transactions at all. */
  public boolean boundsByPoll() {
    return "poll".equalsIgnoreCase(getString(DeliveryKeys.TRANSACTION_BOUNDARY));
  }

  /**
   * After which the broker aborts a transaction of the task's producer; empty where that is left to
   * the worker.
   */
  public Optional<Duration> transactionTimeout() {
    return Optional.ofNullable(originalsStrings().get(TRANSACTION_TIMEOUT))
        .map(set -> Duration.ofMillis(Long.parseLong(set.strip())));
  }

  public Duration pollInterval() {
    return Duration.ofMillis(getLong(TuningKeys.POLL_INTERVAL));
  }

  public Duration statusInterval() {
    return Duration.ofMillis(getInt(TuningKeys.STATUS_INTERVAL));
  }

  /** {@link Integer#MAX_VALUE} for no limit. */
  public int maxRetries() {
    int retries = getInt(RetryKeys.MAX_RETRIES);
    return retries < 0 ? Integer.MAX_VALUE : retries;
  }

  public Backoff backoff() {
    Duration initial = Duration.ofMillis(getLong(RetryKeys.RETRY_INITIAL));
    Duration max = Duration.ofMillis(getLong(RetryKeys.RETRY_MAX));
    return new Backoff(initial, max.compareTo(initial) < 0 ? initial : max);
  }
}
