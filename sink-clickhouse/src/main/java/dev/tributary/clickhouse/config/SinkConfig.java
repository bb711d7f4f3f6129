package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import dev.tributary.common.error.Backoff;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * The connector's settings. Names are clickhouse-kafka-connect's where the idea is the same.
 *
 * <p>Longer than most classes: every key stands here, once, with all that is known of it.
 */
public final class SinkConfig extends AbstractConfig {
  public static final String HOSTNAME = "hostname";
  public static final String PORT = "port";
  public static final String SSL = "ssl";
  public static final String DATABASE = "database";
  public static final String USERNAME = "username";
  public static final String PASSWORD = "password";
  public static final String TIMEOUT_SECONDS = "timeoutSeconds";
  public static final String CLICKHOUSE_SETTINGS = "clickhouseSettings";
  public static final String TOPIC_TO_TABLE = "topic2TableMap";
  public static final String TABLE = "table";
  public static final String INSERT_MODE = "insert.mode";
  public static final String METADATA_COLUMNS = "metadata.columns";
  public static final String VERSION_FIELD = "version.field";
  public static final String EXTRA_FIELDS = "extra.fields";
  public static final String UNAVAILABLE = "unavailable.value.placeholder";
  public static final String AUTO_CREATE = "auto.create";
  public static final String AUTO_EVOLVE = "auto.evolve";
  public static final String ENGINE = "engine";
  public static final String ORDER_BY = "order.by";
  public static final String PARTITION_BY = "partition.by";
  public static final String FLUSH_ROWS = "flush.rows";
  public static final String FLUSH_BYTES = "flush.bytes";
  public static final String FLUSH_MS = "flush.ms";
  public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
  public static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";

  private static final String CONNECTION = "Connection";
  private static final String ROWS = "Rows";
  private static final String TABLES = "Tables";
  private static final String DELIVERY = "Delivery";

  /** More rows in one insert would be cut into several blocks, and so not be written at once. */
  private static final int MAX_ROWS = 1_000_000;

  public static final ConfigDef CONFIG_DEF = define();

  private final Map<String, String> serverSettings;
  private final TableNames tableNames;

  public SinkConfig(Map<String, String> properties) {
    super(CONFIG_DEF, properties);
    serverSettings = TableNames.pairs(getString(CLICKHOUSE_SETTINGS));
    tableNames = new TableNames(TableNames.pairs(getString(TOPIC_TO_TABLE)), getString(TABLE));
  }

  private static ConfigDef define() {
    ConfigDef def = new ConfigDef();
    defineConnection(def);
    defineRows(def);
    defineTables(def);
    defineDelivery(def);
    return def;
  }

  private static void defineConnection(ConfigDef def) {
    int order = 0;
    def.define(
        HOSTNAME,
        ConfigDef.Type.STRING,
        ConfigDef.NO_DEFAULT_VALUE,
        Validators.notBlank(),
        Importance.HIGH,
        "Host name or address of the ClickHouse server.",
        CONNECTION,
        ++order,
        Width.MEDIUM,
        "Host");
    def.define(
        PORT,
        ConfigDef.Type.INT,
        8443,
        ConfigDef.Range.between(1, 65_535),
        Importance.HIGH,
        "Port of ClickHouse's HTTP interface: usually 8443 with TLS and 8123 without.",
        CONNECTION,
        ++order,
        Width.SHORT,
        "Port");
    def.define(
        SSL,
        ConfigDef.Type.BOOLEAN,
        true,
        Importance.HIGH,
        "Whether to connect with TLS (https).",
        CONNECTION,
        ++order,
        Width.SHORT,
        "TLS");
    def.define(
        DATABASE,
        ConfigDef.Type.STRING,
        "default",
        Validators.notBlank(),
        Importance.HIGH,
        "Database that holds the tables. It must exist.",
        CONNECTION,
        ++order,
        Width.MEDIUM,
        "Database");
    def.define(
        USERNAME,
        ConfigDef.Type.STRING,
        "default",
        Validators.notBlank(),
        Importance.HIGH,
        "User to connect as. It needs INSERT and SELECT on the tables, and CREATE TABLE and ALTER"
            + " TABLE where tables are to be created and evolved.",
        CONNECTION,
        ++order,
        Width.MEDIUM,
        "User");
    def.define(
        PASSWORD,
        ConfigDef.Type.PASSWORD,
        "",
        Importance.HIGH,
        "The user's password.",
        CONNECTION,
        ++order,
        Width.MEDIUM,
        "Password");
    def.define(
        TIMEOUT_SECONDS,
        ConfigDef.Type.INT,
        30,
        ConfigDef.Range.between(1, 3_600),
        Importance.LOW,
        "Seconds without a byte from the server after which a request counts as failed and is"
            + " tried again.",
        CONNECTION,
        ++order,
        Width.SHORT,
        "Timeout (s)");
    def.define(
        CLICKHOUSE_SETTINGS,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("name=value, name=value", TableNames::pairs),
        Importance.LOW,
        "ClickHouse settings sent with every insert, such as 'insert_quorum=2'.",
        CONNECTION,
        ++order,
        Width.LONG,
        "ClickHouse settings");
  }

  private static void defineRows(ConfigDef def) {
    int order = 0;
    def.define(
        INSERT_MODE,
        ConfigDef.Type.STRING,
        Validators.choice(InsertMode.AUTO),
        Validators.oneOf(InsertMode.class),
        Importance.HIGH,
        "How records become rows. append: every record is a row. mirror: the table follows the"
            + " source table: the newest row of a key replaces the older ones, a delete marks it"
            + " deleted. auto: mirror where a new table's topic carries change events (Debezium"
            + " envelope, or flattened rows with __op or __deleted) with a key, or where the table"
            + " that exists has a column _version; else append.",
        ROWS,
        ++order,
        Width.SHORT,
        "Insert mode",
        Choices.of(InsertMode.class));
    def.define(
        METADATA_COLUMNS,
        ConfigDef.Type.BOOLEAN,
        true,
        Importance.MEDIUM,
        "Whether tables for append get the columns _topic, _partition and _offset. With them in"
            + " the table, a record that is delivered twice is written once; without, append is"
            + " at-least-once.",
        ROWS,
        ++order,
        Width.SHORT,
        "Metadata columns");
    def.define(
        VERSION_FIELD,
        ConfigDef.Type.STRING,
        null,
        Validators.parsedBy("a field path such as updated_at or source.lsn", FieldPath::parse),
        Importance.MEDIUM,
        "Field whose whole, growing number becomes _version in mirror mode. Without it: the LSN"
            + " where the event has one (source.lsn, __source_lsn or __lsn), else the Kafka"
            + " offset. A tombstone has neither field nor LSN: with them deletes must come as"
            + " envelopes or as rows with __deleted, and a tombstone that stands alone is rejected.",
        ROWS,
        ++order,
        Width.MEDIUM,
        "Version field");
    def.define(
        EXTRA_FIELDS,
        ConfigDef.Type.STRING,
        Validators.choice(ExtraFields.FAIL),
        Validators.oneOf(ExtraFields.class),
        Importance.MEDIUM,
        "What happens to a field that the table has no column for and that auto.evolve may not or"
            + " cannot add. fail: the record is rejected. ignore: the field is left out.",
        ROWS,
        ++order,
        Width.SHORT,
        "Extra fields",
        Choices.of(ExtraFields.class));
    def.define(
        UNAVAILABLE,
        ConfigDef.Type.STRING,
        Unavailable.DEFAULT,
        Importance.LOW,
        "What the source writes in place of an unchanged large value (TOAST) that Postgres did not"
            + " send. In mirror mode such a record is rejected, as the value in the table would be"
            + " lost; REPLICA IDENTITY FULL on the source table makes Postgres send it. In append"
            + " mode it is written as it comes. Empty: it is written like any value in both.",
        ROWS,
        ++order,
        Width.MEDIUM,
        "Placeholder of unknown values");
  }

  private static void defineTables(ConfigDef def) {
    int order = 0;
    def.define(
        TOPIC_TO_TABLE,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("topic=table, topic=table", TableNames::pairs),
        Importance.MEDIUM,
        "Tables of single topics, as 'topic=table, topic=table'; comes before 'table'.",
        TABLES,
        ++order,
        Width.LONG,
        "Topic to table");
    def.define(
        TABLE,
        ConfigDef.Type.STRING,
        "${topic}",
        Validators.parsedBy(
            "a name with ${topic}, ${prefix}, ${schema}, ${table}", TableNames::checkTemplate),
        Importance.HIGH,
        "Table of a topic. Of the topic shop.public.orders, ${topic} is the whole name, ${table}"
            + " is 'orders', ${schema} 'public' and ${prefix} 'shop'. With ${table} alone, topics"
            + " that end alike share a table: use ${schema}_${table} where schemas differ.",
        TABLES,
        ++order,
        Width.MEDIUM,
        "Table");
    def.define(
        AUTO_CREATE,
        ConfigDef.Type.BOOLEAN,
        true,
        Importance.HIGH,
        "Whether to create a missing table from the schema of its first record.",
        TABLES,
        ++order,
        Width.SHORT,
        "Create tables");
    def.define(
        AUTO_EVOLVE,
        ConfigDef.Type.BOOLEAN,
        true,
        Importance.MEDIUM,
        "Whether to add a column for a field that the table does not have yet.",
        TABLES,
        ++order,
        Width.SHORT,
        "Evolve tables");
    def.define(
        ENGINE,
        ConfigDef.Type.STRING,
        null,
        Importance.MEDIUM,
        "Engine of created tables. Default: MergeTree for append, ReplacingMergeTree(_version,"
            + " _deleted) for mirror.",
        TABLES,
        ++order,
        Width.LONG,
        "Engine");
    def.define(
        ORDER_BY,
        ConfigDef.Type.LIST,
        List.of(),
        Importance.MEDIUM,
        "Columns of the sorting key of created tables, and in mirror mode what identifies a row."
            + " Default: the fields of the record key for mirror; _topic, _partition, _offset for"
            + " append. Set it in mirror mode where topics are not keyed by the primary key.",
        TABLES,
        ++order,
        Width.MEDIUM,
        "Order by");
    def.define(
        PARTITION_BY,
        ConfigDef.Type.STRING,
        null,
        Importance.LOW,
        "Expression that partitions created tables, such as toYYYYMM(created_at). In mirror mode"
            + " it may use columns of the key only: rows in different partitions never replace"
            + " each other.",
        TABLES,
        ++order,
        Width.MEDIUM,
        "Partition by");
  }

  private static void defineDelivery(ConfigDef def) {
    int order = 0;
    def.define(
        FLUSH_ROWS,
        ConfigDef.Type.INT,
        100_000,
        ConfigDef.Range.between(1, MAX_ROWS),
        Importance.MEDIUM,
        "Rows of one table after which they are inserted.",
        DELIVERY,
        ++order,
        Width.MEDIUM,
        "Rows per insert");
    def.define(
        FLUSH_BYTES,
        ConfigDef.Type.LONG,
        67_108_864L,
        ConfigDef.Range.between(1_024L, 1_073_741_824L),
        Importance.MEDIUM,
        "Bytes of rows (RowBinary, not compressed) that a task holds for all its tables; at this"
            + " many, the fullest is inserted.",
        DELIVERY,
        ++order,
        Width.MEDIUM,
        "Bytes held");
    def.define(
        FLUSH_MS,
        ConfigDef.Type.LONG,
        1_000L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.MEDIUM,
        "Milliseconds after which held rows are inserted, however few.",
        DELIVERY,
        ++order,
        Width.SHORT,
        "Longest wait (ms)");
    def.define(
        RETRY_BACKOFF_MS,
        ConfigDef.Type.LONG,
        200L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.LOW,
        "Longest wait in milliseconds before the first retry; doubled with every further one.",
        DELIVERY,
        ++order,
        Width.SHORT,
        "First retry (ms)");
    def.define(
        RETRY_BACKOFF_MAX_MS,
        ConfigDef.Type.LONG,
        10_000L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.LOW,
        "Longest wait in milliseconds before any retry. Retries go on until ClickHouse answers.",
        DELIVERY,
        ++order,
        Width.SHORT,
        "Longest retry wait (ms)");
  }

  public String hostname() {
    return getString(HOSTNAME).strip();
  }

  public int port() {
    return getInt(PORT);
  }

  public boolean ssl() {
    return getBoolean(SSL);
  }

  public String database() {
    return getString(DATABASE);
  }

  public String username() {
    return getString(USERNAME);
  }

  public String password() {
    return getPassword(PASSWORD).value();
  }

  public Duration timeout() {
    return Duration.ofSeconds(getInt(TIMEOUT_SECONDS));
  }

  /** Settings to send with every insert. */
  public Map<String, String> serverSettings() {
    return serverSettings;
  }

  public TableNames tableNames() {
    return tableNames;
  }

  public InsertMode insertMode() {
    return Validators.constant(InsertMode.class, getString(INSERT_MODE));
  }

  public boolean metadataColumns() {
    return getBoolean(METADATA_COLUMNS);
  }

  public Optional<FieldPath> versionField() {
    return Optional.ofNullable(getString(VERSION_FIELD)).map(FieldPath::parse);
  }

  public ExtraFields extraFields() {
    return Validators.constant(ExtraFields.class, getString(EXTRA_FIELDS));
  }

  /** Recognises values that are not known. */
  public Unavailable unavailable() {
    return new Unavailable(getString(UNAVAILABLE));
  }

  public boolean autoCreate() {
    return getBoolean(AUTO_CREATE);
  }

  public boolean autoEvolve() {
    return getBoolean(AUTO_EVOLVE);
  }

  public Optional<String> engine() {
    return Optional.ofNullable(getString(ENGINE)).filter(engine -> !engine.isBlank());
  }

  /** Columns of the sorting key; empty for the default. */
  public List<String> orderBy() {
    return getList(ORDER_BY).stream().map(String::strip).filter(c -> !c.isEmpty()).toList();
  }

  public Optional<String> partitionBy() {
    return Optional.ofNullable(getString(PARTITION_BY)).filter(text -> !text.isBlank());
  }

  public int flushRows() {
    return getInt(FLUSH_ROWS);
  }

  public long flushBytes() {
    return getLong(FLUSH_BYTES);
  }

  public Duration flushAfter() {
    return Duration.ofMillis(getLong(FLUSH_MS));
  }

  /** A longest wait below the first counts as the first. */
  public Backoff backoff() {
    long initial = getLong(RETRY_BACKOFF_MS);
    return new Backoff(
        Duration.ofMillis(initial),
        Duration.ofMillis(Math.max(initial, getLong(RETRY_BACKOFF_MAX_MS))));
  }

  /** Offers the choices of an enum to UIs. */
  private record Choices(List<Object> values) implements ConfigDef.Recommender {
    static Choices of(Class<? extends Enum<?>> type) {
      return new Choices(
          Arrays.stream(type.getEnumConstants()).<Object>map(Validators::choice).toList());
    }

    @Override
    public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
      return values;
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsedConfig) {
      return true;
    }
  }
}
