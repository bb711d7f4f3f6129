package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import dev.tributary.common.error.Backoff;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of the connector, under Debezium's names where the concept is the same. Longer than
 * most classes because every key is described in this one place.
 */
public final class PgSourceConfig extends AbstractConfig {
  public static final String HOSTNAME = "database.hostname";
  public static final String PORT = "database.port";
  public static final String USER = "database.user";
  public static final String PASSWORD = "database.password";
  public static final String DBNAME = "database.dbname";
  public static final String SSL_MODE = "database.sslmode";
  public static final String SSL_ROOT_CERT = "database.sslrootcert";
  public static final String SSL_CERT = "database.sslcert";
  public static final String SSL_KEY = "database.sslkey";
  public static final String SSL_PASSWORD = "database.sslpassword";
  public static final String TOPIC_PREFIX = "topic.prefix";
  public static final String PLUGIN_NAME = "plugin.name";
  public static final String SLOT_NAME = "slot.name";
  public static final String SLOT_DROP_ON_STOP = "slot.drop.on.stop";
  public static final String SLOT_MAX_RETRIES = "slot.max.retries";
  public static final String SLOT_RETRY_DELAY = "slot.retry.delay.ms";
  public static final String PUBLICATION_NAME = "publication.name";
  public static final String PUBLICATION_AUTOCREATE = "publication.autocreate.mode";
  public static final String TABLE_INCLUDE = "table.include.list";
  public static final String TABLE_EXCLUDE = "table.exclude.list";
  public static final String SCHEMA_INCLUDE = "schema.include.list";
  public static final String SCHEMA_EXCLUDE = "schema.exclude.list";
  public static final String MESSAGE_KEYS = "message.key.columns";
  public static final String SNAPSHOT_MODE = "snapshot.mode";
  public static final String SNAPSHOT_FETCH_SIZE = "snapshot.fetch.size";
  public static final String TOMBSTONES = "tombstones.on.delete";
  public static final String EXTENDED_HEADERS = "extended.headers.enabled";
  public static final String HEARTBEAT_INTERVAL = "heartbeat.interval.ms";
  public static final String HEARTBEAT_PREFIX = "topic.heartbeat.prefix";
  public static final String MAX_BATCH = "max.batch.size";
  public static final String MAX_QUEUE = "max.queue.size";
  public static final String MAX_QUEUE_BYTES = "max.queue.size.in.bytes";
  public static final String POLL_INTERVAL = "poll.interval.ms";
  public static final String STATUS_INTERVAL = "status.update.interval.ms";
  public static final String MAX_RETRIES = "errors.max.retries";
  public static final String RETRY_INITIAL = "errors.retry.delay.initial.ms";
  public static final String RETRY_MAX = "errors.retry.delay.max.ms";

  private static final String CONNECTION = "Connection";
  private static final String REPLICATION = "Replication";
  private static final String TABLES = "Tables";
  private static final String EVENTS = "Events";
  private static final String SNAPSHOT = "Snapshot";
  private static final String TUNING = "Tuning";
  private static final String RETRIES = "Retries";

  public static final ConfigDef CONFIG_DEF = define();

  private static ConfigDef define() {
    Definition def = new Definition();
    def.group(CONNECTION)
        .key(
            HOSTNAME,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            matching(
                "[^\\s/?&#@,]+",
                "one host name or address, without blanks and without any of / ? & # @ and comma"),
            "Host name",
            "Host name or address of the Postgres server.")
        .key(
            PORT,
            ConfigDef.Type.INT,
            5432,
            ConfigDef.Range.between(1, 65535),
            "Port",
            "Port of the server.")
        .required(
            USER,
            "User",
            "Role to log in as. Needs LOGIN, REPLICATION and SELECT on the captured tables.")
        .key(PASSWORD, ConfigDef.Type.PASSWORD, "", null, "Password", "Password of the role.")
        .required(DBNAME, "Database", "Database whose changes are captured.")
        .choice(
            SSL_MODE,
            "prefer",
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            "TLS mode",
            "Whether the connections are encrypted and the server's certificate is verified.")
        .key(
            SSL_ROOT_CERT,
            ConfigDef.Type.STRING,
            null,
            null,
            "Root certificate",
            "File with the certificates of the authorities that may have signed the server's certificate.")
        .key(
            SSL_CERT,
            ConfigDef.Type.STRING,
            null,
            null,
            "Client certificate",
            "File with the client's certificate.")
        .key(
            SSL_KEY,
            ConfigDef.Type.STRING,
            null,
            null,
            "Client key",
            "File with the client's private key.")
        .key(
            SSL_PASSWORD,
            ConfigDef.Type.PASSWORD,
            null,
            null,
            "Client key password",
            "Password of the client's private key.");
    def.group(REPLICATION)
        .choice(
            PLUGIN_NAME,
            "pgoutput",
            List.of("pgoutput"),
            "Output plugin",
            "Logical decoding plugin. Only pgoutput, which every server has since version 10, is supported.")
        .key(
            SLOT_NAME,
            ConfigDef.Type.STRING,
            "tributary",
            matching("[a-z0-9_]{1,63}", "lower-case letters, digits and underscores, at most 63"),
            "Slot",
            "Replication slot; created where it is missing. Each connector needs one of its own.")
        .key(
            SLOT_DROP_ON_STOP,
            ConfigDef.Type.BOOLEAN,
            false,
            null,
            "Drop the slot on stop",
            "Drop the slot when the task stops. The changes made until the next start are lost then; for tests only.")
        .key(
            SLOT_MAX_RETRIES,
            ConfigDef.Type.INT,
            6,
            ConfigDef.Range.atLeast(0),
            "Attempts on a slot in use",
            "How often to try again when another session holds the slot.")
        .key(
            SLOT_RETRY_DELAY,
            ConfigDef.Type.LONG,
            10_000L,
            ConfigDef.Range.atLeast(1),
            "Delay between attempts on a slot in use",
            "Milliseconds between attempts when another session holds the slot.")
        .key(
            PUBLICATION_NAME,
            ConfigDef.Type.STRING,
            "tributary",
            Validators.notBlank(),
            "Publication",
            "Publication that names the captured tables.")
        .choice(
            PUBLICATION_AUTOCREATE,
            null,
            List.of("all_tables", "filtered", "disabled"),
            "Publication creation",
            "What to do where the publication is missing: all_tables makes one of all tables (needs superuser), filtered one of the captured tables (needs to own them) and adds tables that are captured later, disabled makes none. Default: filtered where table.include.list or schema.include.list is set, else all_tables.");
    def.group(TABLES)
        .patterns(
            TABLE_INCLUDE,
            "Included tables",
            "Regular expressions over schema.table, separated by commas; only tables that match one are captured. Empty for all.")
        .patterns(
            TABLE_EXCLUDE,
            "Excluded tables",
            "Regular expressions over schema.table, separated by commas; tables that match one are not captured. Not together with table.include.list.")
        .patterns(
            SCHEMA_INCLUDE,
            "Included schemas",
            "Regular expressions over schema names, separated by commas; only schemas that match one are captured. Empty for all.")
        .patterns(
            SCHEMA_EXCLUDE,
            "Excluded schemas",
            "Regular expressions over schema names, separated by commas; schemas that match one are not captured. Not together with schema.include.list.");
    def.group(EVENTS)
        .key(
            TOPIC_PREFIX,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            matching("[a-zA-Z0-9._-]+", "letters, digits, dots, dashes and underscores"),
            "Topic prefix",
            "Name of this source. Topics are <prefix>.<schema>.<table>; the offsets are kept under it.")
        .key(
            MESSAGE_KEYS,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy(
                "rules such as public.user_events:user_id, separated by semicolons",
                MessageKeys::parse),
            "Message keys",
            "Columns that make up the record key in place of the primary key: schema.table:column1,column2, several tables separated by semicolons; the table is a regular expression. Deletes carry such a key only where the table has REPLICA IDENTITY FULL.")
        .key(
            TOMBSTONES,
            ConfigDef.Type.BOOLEAN,
            true,
            null,
            "Tombstones",
            "Whether a delete is followed by a record without a value, so that compaction drops the key.")
        .key(
            EXTENDED_HEADERS,
            ConfigDef.Type.BOOLEAN,
            true,
            null,
            "Context headers",
            "Whether records carry the __debezium.context headers (logical name, task, connector, run) that Debezium writes.")
        .key(
            HEARTBEAT_INTERVAL,
            ConfigDef.Type.INT,
            10_000,
            ConfigDef.Range.atLeast(0),
            "Heartbeat interval",
            "Milliseconds after which a heartbeat record carries the position on where the server's log moves and no captured table changes; without it the server would keep that log. 0 for none.")
        .key(
            HEARTBEAT_PREFIX,
            ConfigDef.Type.STRING,
            "__debezium-heartbeat",
            matching("[a-zA-Z0-9._-]+", "letters, digits, dots, dashes and underscores"),
            "Heartbeat topic prefix",
            "Heartbeats go to <this>.<topic.prefix>.");
    def.group(SNAPSHOT)
        .choice(
            SNAPSHOT_MODE,
            "initial",
            List.of("initial", "initial_only", "no_data", "never", "always"),
            "Snapshot mode",
            "When tables are read before their changes are streamed: initial once at the first start, initial_only the same and then stop, no_data (or never) not at all, always at every start.")
        .key(
            SNAPSHOT_FETCH_SIZE,
            ConfigDef.Type.INT,
            10_240,
            ConfigDef.Range.atLeast(1),
            "Snapshot fetch size",
            "Accepted for compatibility. A snapshot reads with COPY, which streams rows without fetching them in portions.");
    def.group(TUNING)
        .key(
            MAX_BATCH,
            ConfigDef.Type.INT,
            8_192,
            ConfigDef.Range.atLeast(1),
            "Batch size",
            "Most records that one poll returns.")
        .key(
            MAX_QUEUE,
            ConfigDef.Type.INT,
            32_768,
            ConfigDef.Range.atLeast(1),
            "Queue size",
            "Most records that wait for Connect to poll them.")
        .key(
            MAX_QUEUE_BYTES,
            ConfigDef.Type.LONG,
            64L << 20,
            ConfigDef.Range.atLeast(0),
            "Queue size in bytes",
            "Most bytes, as read from the server, of the records that wait for Connect to poll them. 0 for no limit.")
        .key(
            POLL_INTERVAL,
            ConfigDef.Type.LONG,
            100L,
            ConfigDef.Range.atLeast(1),
            "Poll interval",
            "Longest time in milliseconds that a poll waits for records. Records are handed on as soon as they are there, so this adds no latency.")
        .key(
            STATUS_INTERVAL,
            ConfigDef.Type.INT,
            5_000,
            ConfigDef.Range.atLeast(1),
            "Status interval",
            "Milliseconds between the status messages that tell the server which position is confirmed.");
    def.group(RETRIES)
        .key(
            MAX_RETRIES,
            ConfigDef.Type.INT,
            -1,
            ConfigDef.Range.atLeast(-1),
            "Attempts to connect",
            "How often in a row to try again when the server cannot be reached, before the task fails. -1 for no limit, 0 for none.")
        .key(
            RETRY_INITIAL,
            ConfigDef.Type.LONG,
            500L,
            ConfigDef.Range.atLeast(1),
            "First delay",
            "Milliseconds to wait before the first new attempt; doubled with each.")
        .key(
            RETRY_MAX,
            ConfigDef.Type.LONG,
            10_000L,
            ConfigDef.Range.atLeast(1),
            "Longest delay",
            "Most milliseconds to wait between two attempts.");
    return def.built();
  }

  /** Reads and checks the settings. Unknown keys are ignored. */
  public PgSourceConfig(Map<String, String> properties) {
    super(CONFIG_DEF, properties, false);
    exclusive(TABLE_INCLUDE, TABLE_EXCLUDE);
    exclusive(SCHEMA_INCLUDE, SCHEMA_EXCLUDE);
  }

  private void exclusive(String include, String exclude) {
    if (!getList(include).isEmpty() && !getList(exclude).isEmpty()) {
      throw new ExclusiveException(include, exclude);
    }
  }

  /** Two keys are set of which one excludes the other. */
  public static final class ExclusiveException extends ConfigException {
    private static final long serialVersionUID = 1L;

    private final String key;

    ExclusiveException(String key, String other) {
      super(key + " cannot be set together with " + other + "; remove one of them");
      this.key = key;
    }

    /** The one to report it at. */
    public String key() {
      return key;
    }
  }

  public ConnectionSettings connection() {
    Map<String, String> ssl = new HashMap<>();
    ssl.put("sslmode", getString(SSL_MODE));
    for (String key : List.of(SSL_ROOT_CERT, SSL_CERT, SSL_KEY)) {
      if (getString(key) != null) {
        ssl.put(key.substring("database.".length()), getString(key));
      }
    }
    if (getPassword(SSL_PASSWORD) != null) {
      ssl.put("sslpassword", getPassword(SSL_PASSWORD).value());
    }
    return new ConnectionSettings(
        getString(HOSTNAME),
        getInt(PORT),
        getString(DBNAME),
        getString(USER),
        getPassword(PASSWORD),
        ssl);
  }

  public TableFilter tables() {
    return new TableFilter(
        patterns(TABLE_INCLUDE),
        patterns(TABLE_EXCLUDE),
        patterns(SCHEMA_INCLUDE),
        patterns(SCHEMA_EXCLUDE));
  }

  private List<Pattern> patterns(String key) {
    return getList(key).stream()
        .map(pattern -> Pattern.compile(pattern.strip(), Pattern.CASE_INSENSITIVE))
        .toList();
  }

  public String slot() {
    return getString(SLOT_NAME);
  }

  public boolean dropsSlotOnStop() {
    return getBoolean(SLOT_DROP_ON_STOP);
  }

  public int slotRetries() {
    return getInt(SLOT_MAX_RETRIES);
  }

  public Duration slotRetryDelay() {
    return Duration.ofMillis(getLong(SLOT_RETRY_DELAY));
  }

  public String publication() {
    return getString(PUBLICATION_NAME);
  }

  public PublicationMode publicationMode() {
    String mode = getString(PUBLICATION_AUTOCREATE);
    if (mode == null) {
      return tables().includesByName() ? PublicationMode.FILTERED : PublicationMode.ALL_TABLES;
    }
    return PublicationMode.valueOf(mode.toUpperCase(Locale.ROOT));
  }

  public String topicPrefix() {
    return getString(TOPIC_PREFIX);
  }

  public MessageKeys messageKeys() {
    return MessageKeys.parse(getString(MESSAGE_KEYS));
  }

  public boolean tombstones() {
    return getBoolean(TOMBSTONES);
  }

  public boolean contextHeaders() {
    return getBoolean(EXTENDED_HEADERS);
  }

  /** Zero for no heartbeats. */
  public Duration heartbeatInterval() {
    return Duration.ofMillis(getInt(HEARTBEAT_INTERVAL));
  }

  public String heartbeatTopic() {
    return getString(HEARTBEAT_PREFIX) + "." + topicPrefix();
  }

  public SnapshotMode snapshotMode() {
    return SnapshotMode.of(getString(SNAPSHOT_MODE));
  }

  public int maxBatch() {
    return getInt(MAX_BATCH);
  }

  public int maxQueue() {
    return Math.max(getInt(MAX_QUEUE), maxBatch());
  }

  public long maxQueueBytes() {
    long bytes = getLong(MAX_QUEUE_BYTES);
    return bytes == 0 ? Long.MAX_VALUE : bytes;
  }

  public Duration pollInterval() {
    return Duration.ofMillis(getLong(POLL_INTERVAL));
  }

  public Duration statusInterval() {
    return Duration.ofMillis(getInt(STATUS_INTERVAL));
  }

  /** {@link Integer#MAX_VALUE} for no limit. */
  public int maxRetries() {
    int retries = getInt(MAX_RETRIES);
    return retries < 0 ? Integer.MAX_VALUE : retries;
  }

  public Backoff backoff() {
    Duration initial = Duration.ofMillis(getLong(RETRY_INITIAL));
    Duration max = Duration.ofMillis(getLong(RETRY_MAX));
    return new Backoff(initial, max.compareTo(initial) < 0 ? initial : max);
  }

  private static ConfigDef.Validator matching(String regex, String description) {
    return Validators.of(
        description,
        (name, value) -> {
          if (value != null && !value.toString().matches(regex)) {
            throw new ConfigException(name, value, "must be " + description);
          }
        });
  }

  /** Adds keys in order, group by group. */
  private static final class Definition {
    private final ConfigDef def = new ConfigDef();
    private String group = "";
    private int order;

    Definition group(String name) {
      group = name;
      order = 0;
      return this;
    }

    Definition required(String key, String title, String doc) {
      return key(
          key,
          ConfigDef.Type.STRING,
          ConfigDef.NO_DEFAULT_VALUE,
          Validators.notBlank(),
          title,
          doc);
    }

    Definition key(
        String key,
        ConfigDef.Type type,
        Object value,
        ConfigDef.Validator valid,
        String title,
        String doc) {
      def.define(
          key, type, value, valid, importance(value), doc, group, ++order, Width.MEDIUM, title);
      return this;
    }

    Definition choice(String key, String value, List<String> choices, String title, String doc) {
      ConfigDef.Validator valid =
          Validators.of(
              "one of " + String.join(", ", choices),
              (name, chosen) -> {
                if (chosen != null
                    && !choices.contains(chosen.toString().toLowerCase(Locale.ROOT))) {
                  throw new ConfigException(
                      name, chosen, "must be one of " + String.join(", ", choices));
                }
              });
      def.define(
          key,
          ConfigDef.Type.STRING,
          value,
          valid,
          Importance.MEDIUM,
          doc,
          group,
          ++order,
          Width.SHORT,
          title,
          new Choices(choices));
      return this;
    }

    Definition patterns(String key, String title, String doc) {
      ConfigDef.Validator valid =
          Validators.of(
              "regular expressions, separated by commas",
              (name, value) -> ((List<?>) value).forEach(pattern -> compile(name, pattern)));
      def.define(
          key,
          ConfigDef.Type.LIST,
          List.of(),
          valid,
          Importance.HIGH,
          doc,
          group,
          ++order,
          Width.LONG,
          title);
      return this;
    }

    private static void compile(String name, Object pattern) {
      try {
        Pattern.compile(pattern.toString());
      } catch (PatternSyntaxException e) {
        throw new ConfigException(name, pattern, "is no regular expression: " + e.getDescription());
      }
    }

    private static Importance importance(Object value) {
      return value == ConfigDef.NO_DEFAULT_VALUE ? Importance.HIGH : Importance.MEDIUM;
    }

    ConfigDef built() {
      return def;
    }
  }

  /** The values that a key may have. */
  private record Choices(List<String> values) implements ConfigDef.Recommender {
    @Override
    public List<Object> validValues(String name, Map<String, Object> parsed) {
      return List.copyOf(values);
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsed) {
      return true;
    }
  }
}
