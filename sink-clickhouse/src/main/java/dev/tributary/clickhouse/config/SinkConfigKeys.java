package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/**
 * Declares the keys of {@link SinkConfig}.
 *
 * <p>Longer than most classes: every key stands here, once, with all that is known of it.
 */
final class SinkConfigKeys {
  /** More rows in one insert would be cut into several blocks, and so not be written at once. */
  static final int MAX_ROWS = 1_000_000;

  private static final Validator ANY = null;

  private SinkConfigKeys() {}

  static ConfigDef define() {
    ConfigDef def = new ConfigDef();
    connection(new Group(def, "Connection"));
    security(new Group(def, "Security"));
    rows(new Group(def, "Rows"));
    tables(new Group(def, "Tables"));
    delivery(new Group(def, "Delivery"));
    compatibility(new Group(def, "Compatibility"));
    return def;
  }

  private static void connection(Group keys) {
    keys.add(
        SinkConfig.HOSTNAME,
        ConfigDef.Type.STRING,
        ConfigDef.NO_DEFAULT_VALUE,
        Validators.parsedBy("host or host:port, several with commas", t -> Endpoint.parseAll(t, 1)),
        Importance.HIGH,
        Width.MEDIUM,
        "Host",
        "Host name or address of the ClickHouse server. Several, with commas between, each with a"
            + " port of its own if need be, are tried in turn when one does not answer; they must"
            + " be replicas of the same tables.");
    keys.add(
        SinkConfig.PORT,
        ConfigDef.Type.INT,
        8443,
        ConfigDef.Range.between(1, 65_535),
        Importance.HIGH,
        Width.SHORT,
        "Port",
        "Port of ClickHouse's HTTP interface: usually 8443 with TLS and 8123 without.");
    keys.add(
        SinkConfig.SSL,
        ConfigDef.Type.BOOLEAN,
        true,
        ANY,
        Importance.HIGH,
        Width.SHORT,
        "TLS",
        "Whether to connect with TLS (https).");
    keys.add(
        SinkConfig.DATABASE,
        ConfigDef.Type.STRING,
        "default",
        Validators.parsedBy(TableNames.TEMPLATE, TableNames::checkTemplate),
        Importance.HIGH,
        Width.MEDIUM,
        "Database",
        "Database that holds the tables. It must exist. May be made of the topic's name like"
            + " 'table', such as ${schema}.");
    keys.add(
        SinkConfig.USERNAME,
        ConfigDef.Type.STRING,
        "default",
        Validators.notBlank(),
        Importance.HIGH,
        Width.MEDIUM,
        "User",
        "User to connect as. It needs INSERT and SELECT on the tables, SELECT on system.processes"
            + " for 'insert.guard', and CREATE TABLE and ALTER TABLE where tables are to be created"
            + " and evolved.");
    keys.add(
        SinkConfig.PASSWORD,
        ConfigDef.Type.PASSWORD,
        "",
        ANY,
        Importance.HIGH,
        Width.MEDIUM,
        "Password",
        "The user's password.");
    keys.add(
        SinkConfig.TIMEOUT_SECONDS,
        ConfigDef.Type.INT,
        30,
        ConfigDef.Range.between(1, 3_600),
        Importance.LOW,
        Width.SHORT,
        "Timeout (s)",
        "Seconds without a byte taken or sent by the server after which a request counts as failed"
            + " and is tried again.");
    keys.add(
        SinkConfig.CLICKHOUSE_SETTINGS,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("name=value, name=value", TableNames::pairs),
        Importance.LOW,
        Width.LONG,
        "ClickHouse settings",
        "ClickHouse settings sent with every insert, such as 'insert_quorum=2'.");
    keys.add(
        SinkConfig.CONNECTION_PROPERTIES,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("?name=value&name=value", ConnectionProperties::parse),
        Importance.LOW,
        Width.LONG,
        "Connection properties",
        "Further properties of the connection, as they stand behind a JDBC address. Known:"
            + " socket_timeout and connect_timeout (ms), sslrootcert, sslcert, sslkey,"
            + " client_name, and clickhouse_setting_NAME. Others are left out, and told in the log.");
    keys.add(
        SinkConfig.PROXY_TYPE,
        ConfigDef.Type.STRING,
        "HTTP",
        choice("HTTP", "IGNORE"),
        Importance.LOW,
        Width.SHORT,
        "Proxy type",
        "Kind of the proxy that 'proxyHost' names. IGNORE: it is not used.");
    keys.add(
        SinkConfig.PROXY_HOST,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Proxy host",
        "Host of an HTTP proxy to reach ClickHouse through. Empty: none.");
    keys.add(
        SinkConfig.PROXY_PORT,
        ConfigDef.Type.INT,
        3128,
        ConfigDef.Range.between(-1, 65_535),
        Importance.LOW,
        Width.SHORT,
        "Proxy port",
        "Port of the proxy.");
    keys.add(
        SinkConfig.PROXY_USERNAME,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Proxy user",
        "User at the proxy. Empty: none is asked for.");
    keys.add(
        SinkConfig.PROXY_PASSWORD,
        ConfigDef.Type.PASSWORD,
        "",
        ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Proxy password",
        "Password at the proxy.");
  }

  private static void security(Group keys) {
    keys.add(
        SinkConfig.ACCESS_TOKEN,
        ConfigDef.Type.PASSWORD,
        "",
        ANY,
        Importance.MEDIUM,
        Width.MEDIUM,
        "Access token",
        "Token (JWT) that is sent in place of user and password.");
    keys.add(
        SinkConfig.TRUSTSTORE,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.MEDIUM,
        Width.LONG,
        "Trust store",
        "File with the certificates to trust. Empty: those that Java trusts.");
    keys.add(
        SinkConfig.TRUSTSTORE_PASSWORD,
        ConfigDef.Type.PASSWORD,
        "",
        ANY,
        Importance.MEDIUM,
        Width.MEDIUM,
        "Trust store password",
        "Password of the trust store.");
    keys.add(
        SinkConfig.TRUSTSTORE_TYPE,
        ConfigDef.Type.STRING,
        "PKCS12",
        ANY,
        Importance.LOW,
        Width.SHORT,
        "Trust store type",
        "Format of the trust store: PKCS12 or JKS.");
    keys.add(
        SinkConfig.CA_CERTIFICATE,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.MEDIUM,
        Width.LONG,
        "CA certificate",
        "PEM file with the certificate of the authority that signed the server's, in place of a"
            + " trust store.");
    keys.add(
        SinkConfig.CLIENT_CERTIFICATE,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.LOW,
        Width.LONG,
        "Client certificate",
        "PEM file with the certificate that the connector shows to the server.");
    keys.add(
        SinkConfig.CLIENT_KEY,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.LOW,
        Width.LONG,
        "Client key",
        "PEM file with the key of the client certificate.");
  }

  private static void rows(Group keys) {
    keys.add(
        SinkConfig.INSERT_MODE,
        InsertMode.AUTO,
        Importance.HIGH,
        "Insert mode",
        "How records become rows. append: every record is a row. mirror: the table follows the"
            + " source table: the newest row of a key replaces the older ones, a delete marks it"
            + " deleted. auto: mirror where a new table's topic carries change events (Debezium"
            + " envelope, or flattened rows with __op or __deleted) with a key, or where the table"
            + " that exists has a column _version; else append.");
    keys.add(
        SinkConfig.METADATA_COLUMNS,
        ConfigDef.Type.BOOLEAN,
        true,
        ANY,
        Importance.MEDIUM,
        Width.SHORT,
        "Metadata columns",
        "Whether tables for append get the columns _topic, _partition and _offset. With them in"
            + " the table, a record that is delivered twice is written once; without, append is"
            + " at-least-once.");
    keys.add(
        SinkConfig.VERSION_FIELD,
        ConfigDef.Type.STRING,
        null,
        Validators.parsedBy("a field path such as updated_at or source.lsn", FieldPath::parse),
        Importance.MEDIUM,
        Width.MEDIUM,
        "Version field",
        "Field whose whole, growing number becomes _version in mirror mode. Without it: the LSN"
            + " where the event has one (source.lsn, __source_lsn or __lsn), else the Kafka"
            + " offset. A tombstone has neither field nor LSN: with them deletes must come as"
            + " envelopes or as rows with __deleted, and a tombstone that stands alone is rejected.");
    keys.add(
        SinkConfig.EXTRA_FIELDS,
        ExtraFields.FAIL,
        Importance.MEDIUM,
        "Extra fields",
        "What happens to a field that the table has no column for and that auto.evolve may not or"
            + " cannot add. fail: the record is rejected. ignore: the field is left out. json: all"
            + " such fields of a record go into the column 'extra.column' as one JSON object; with"
            + " it, auto.evolve adds no columns.");
    keys.add(
        SinkConfig.EXTRA_COLUMN,
        ConfigDef.Type.STRING,
        "_extra",
        Validators.notBlank(),
        Importance.LOW,
        Width.MEDIUM,
        "Column of extra fields",
        "Column of type JSON or String for 'extra.fields=json'. Created tables get it as JSON.");
    keys.add(
        SinkConfig.COLUMN_CASE,
        ColumnCase.EXACT,
        Importance.LOW,
        "Column case",
        "How a field finds the column of a table. exact: by the same name. insensitive: whatever the"
            + " case. snake: whatever case and underscores, so that orderId goes to order_id. Two"
            + " columns that differ in no more than that are told apart by the exact name alone.");
    keys.add(
        SinkConfig.DATE_TIME_FORMATS,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("field=pattern; field=pattern", TableNames::dateTimeFormats),
        Importance.LOW,
        Width.LONG,
        "Date and time formats",
        "Patterns (of Java's DateTimeFormatter) of text fields that go to DateTime, DateTime64,"
            + " Date or Date32 columns, such as 'created=yyyy-MM-dd HH:mm:ss.SSS; day=dd.MM.yyyy'."
            + " Others are read as ISO 8601.");
    keys.add(
        SinkConfig.UNAVAILABLE,
        ConfigDef.Type.STRING,
        Unavailable.DEFAULT,
        ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Placeholder of unknown values",
        "What the source writes in place of an unchanged large value (TOAST) that Postgres did not"
            + " send. In mirror mode such a record is rejected, as the value in the table would be"
            + " lost; REPLICA IDENTITY FULL on the source table makes Postgres send it. In append"
            + " mode it is written as it comes. Empty: it is written like any value in both.");
  }

  private static void tables(Group keys) {
    keys.add(
        SinkConfig.TOPIC_TO_TABLE,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("topic=table, topic=table", TableNames::pairs),
        Importance.MEDIUM,
        Width.LONG,
        "Topic to table",
        "Tables of single topics, as 'topic=table, topic=table'; comes before 'table'.");
    keys.add(
        SinkConfig.TABLE,
        ConfigDef.Type.STRING,
        "${topic}",
        Validators.parsedBy(TableNames.TEMPLATE, TableNames::checkTemplate),
        Importance.HIGH,
        Width.MEDIUM,
        "Table",
        "Table of a topic. Of the topic shop.public.orders, ${topic} is the whole name, ${table}"
            + " is 'orders', ${schema} 'public' and ${prefix} 'shop'. With ${table} alone, topics"
            + " that end alike share a table: use ${schema}_${table} where schemas differ.");
    keys.add(
        SinkConfig.TOPIC_TO_DATABASE,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("topic=database, topic=database", TableNames::pairs),
        Importance.LOW,
        Width.LONG,
        "Topic to database",
        "Databases of single topics, as 'topic=database, topic=database'; comes before 'database'.");
    keys.add(
        SinkConfig.SPLIT_TOPIC,
        ConfigDef.Type.BOOLEAN,
        false,
        ANY,
        Importance.LOW,
        Width.SHORT,
        "Split topic",
        "Whether a topic's name is a database's and a table's with 'dbTopicSplitChar' between.");
    keys.add(
        SinkConfig.SPLIT_CHARACTER,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.LOW,
        Width.SHORT,
        "Split at",
        "What stands between database and table for 'enableDbTopicSplit'.");
    keys.add(
        SinkConfig.AUTO_CREATE,
        ConfigDef.Type.BOOLEAN,
        true,
        ANY,
        Importance.HIGH,
        Width.SHORT,
        "Create tables",
        "Whether to create a missing table from the schema of its first record.");
    keys.add(
        SinkConfig.AUTO_EVOLVE,
        ConfigDef.Type.BOOLEAN,
        true,
        ANY,
        Importance.MEDIUM,
        Width.SHORT,
        "Evolve tables",
        "Whether to add a column for a field that the table does not have yet, and to widen a column"
            + " whose field has got a wider type (integers, floats, decimals, to Nullable; to String"
            + " from none). Columns are never narrowed or dropped.");
    keys.add(
        SinkConfig.ENGINE,
        ConfigDef.Type.STRING,
        null,
        ANY,
        Importance.MEDIUM,
        Width.LONG,
        "Engine",
        "Engine of created tables, which may hold ${database} and ${table}, such as"
            + " ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/${database}/${table}',"
            + " '{replica}', _version, _deleted). Default: MergeTree for append,"
            + " ReplacingMergeTree(_version, _deleted) for mirror.");
    keys.add(
        SinkConfig.ORDER_BY,
        ConfigDef.Type.LIST,
        List.of(),
        ANY,
        Importance.MEDIUM,
        Width.MEDIUM,
        "Order by",
        "Columns of the sorting key of created tables, and in mirror mode what identifies a row."
            + " Default: the fields of the record key for mirror; _topic, _partition, _offset for"
            + " append. Set it in mirror mode where topics are not keyed by the primary key.");
    keys.add(
        SinkConfig.PARTITION_BY,
        ConfigDef.Type.STRING,
        null,
        ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Partition by",
        "Expression that partitions created tables, such as toYYYYMM(created_at). In mirror mode"
            + " it may use columns of the key only: rows in different partitions never replace"
            + " each other.");
    keys.add(
        SinkConfig.TTL,
        ConfigDef.Type.STRING,
        null,
        ANY,
        Importance.LOW,
        Width.MEDIUM,
        "TTL",
        "TTL of created tables, such as toDateTime(created_at) + INTERVAL 90 DAY.");
    keys.add(
        SinkConfig.TABLE_SETTINGS,
        ConfigDef.Type.STRING,
        null,
        Validators.parsedBy("name=value, name=value", TableNames::pairs),
        Importance.LOW,
        Width.LONG,
        "Table settings",
        "SETTINGS of created tables, such as 'index_granularity=4096'.");
    keys.add(
        SinkConfig.CLUSTER,
        ConfigDef.Type.STRING,
        null,
        ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Cluster",
        "Cluster that tables are created and evolved on (ON CLUSTER). Set an engine of the"
            + " Replicated family with it.");
    keys.add(
        SinkConfig.LOW_CARDINALITY,
        ConfigDef.Type.LIST,
        List.of(),
        ANY,
        Importance.LOW,
        Width.LONG,
        "LowCardinality columns",
        "Text columns that are created as LowCardinality(String); * for all.");
    keys.add(
        SinkConfig.VIEW,
        ConfigDef.Type.STRING,
        "",
        Validators.parsedBy("a name with ${table}", TableNames::checkViewTemplate),
        Importance.LOW,
        Width.MEDIUM,
        "View of present rows",
        "View to create with a mirror, such as ${table}_current: it shows the rows that the source"
            + " has now (FINAL, without deleted ones, _version and _deleted left out). Empty: none.");
    keys.add(
        SinkConfig.REFRESH_SECONDS,
        ConfigDef.Type.LONG,
        0L,
        ConfigDef.Range.between(0L, 86_400L),
        Importance.LOW,
        Width.SHORT,
        "Look at tables every (s)",
        "Seconds after which a table's columns are read anew. 0: when an insert or a record does not"
            + " fit, which is enough but for columns with DEFAULT that a user adds and that records"
            + " have had all along.");
    keys.add(
        SinkConfig.SKIP_MISSING_TABLES,
        ConfigDef.Type.BOOLEAN,
        false,
        ANY,
        Importance.LOW,
        Width.SHORT,
        "Skip missing tables",
        "Whether records of a topic without a table are skipped, where auto.create is false. They are"
            + " lost then; the log says so once per topic. Else the task stops.");
  }

  private static void delivery(Group keys) {
    keys.add(
        SinkConfig.FLUSH_ROWS,
        ConfigDef.Type.INT,
        100_000,
        ConfigDef.Range.between(1, MAX_ROWS),
        Importance.MEDIUM,
        Width.MEDIUM,
        "Rows per insert",
        "Rows of one table after which they are inserted.");
    keys.add(
        SinkConfig.FLUSH_BYTES,
        ConfigDef.Type.LONG,
        67_108_864L,
        ConfigDef.Range.between(1_024L, 1_073_741_824L),
        Importance.MEDIUM,
        Width.MEDIUM,
        "Bytes held",
        "Bytes of rows (RowBinary, not compressed) that a task holds for all its tables, those being"
            + " inserted included; at this many, the fullest is inserted, and no more are taken in"
            + " until there is room.");
    keys.add(
        SinkConfig.FLUSH_MS,
        ConfigDef.Type.LONG,
        1_000L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.MEDIUM,
        Width.SHORT,
        "Longest wait (ms)",
        "Milliseconds after which held rows are inserted, however few.");
    keys.add(
        SinkConfig.INSERT_THREADS,
        ConfigDef.Type.INT,
        2,
        ConfigDef.Range.between(1, 64),
        Importance.MEDIUM,
        Width.SHORT,
        "Inserts at once",
        "Inserts that a task has under way at once, into different tables. While they run, the task"
            + " goes on taking in records.");
    keys.add(
        SinkConfig.LANES_PER_TABLE,
        ConfigDef.Type.INT,
        1,
        ConfigDef.Range.between(1, 64),
        Importance.LOW,
        Width.SHORT,
        "Inserts at once per table",
        "Inserts that a task has under way at once into one table. With more than one, Kafka"
            + " partitions are dealt out to as many lanes, each with rows and inserts of its own; one"
            + " partition's rows stay in order.");
    keys.add(
        SinkConfig.INSERT_GUARD,
        ConfigDef.Type.BOOLEAN,
        true,
        ANY,
        Importance.MEDIUM,
        Width.SHORT,
        "Guard inserts",
        "Whether an insert into an append table with _topic, _partition and _offset leaves out what"
            + " the table holds by the time it runs, and waits for other inserts of the same Kafka"
            + " partitions, so that a task that lost them in a rebalance cannot write rows twice."
            + " The server reads the table's offsets for it, which is cheap where _topic, _partition,"
            + " _offset lead the sorting key or have a skipping index.");
    keys.add(
        SinkConfig.RETRY_BACKOFF_MS,
        ConfigDef.Type.LONG,
        200L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.LOW,
        Width.SHORT,
        "First retry (ms)",
        "Longest wait in milliseconds before the first retry; doubled with every further one.");
    keys.add(
        SinkConfig.RETRY_BACKOFF_MAX_MS,
        ConfigDef.Type.LONG,
        10_000L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.LOW,
        Width.SHORT,
        "Longest retry wait (ms)",
        "Longest wait in milliseconds before any retry. Retries go on until ClickHouse answers.");
  }

  /** Keys of clickhouse-kafka-connect whose work is done otherwise here. */
  private static void compatibility(Group keys) {
    keys.add(
        SinkConfig.BUFFER_COUNT,
        ConfigDef.Type.INT,
        0,
        ConfigDef.Range.atLeast(0),
        Importance.LOW,
        Width.SHORT,
        "Buffer count",
        "clickhouse-kafka-connect's name of 'flush.rows'; taken in its place where it is not 0.");
    keys.add(
        SinkConfig.BUFFER_FLUSH_TIME,
        ConfigDef.Type.LONG,
        0L,
        ConfigDef.Range.atLeast(0L),
        Importance.LOW,
        Width.SHORT,
        "Buffer flush time (ms)",
        "clickhouse-kafka-connect's name of 'flush.ms'; taken in its place where it is not 0.");
    keys.add(
        SinkConfig.INSERT_FORMAT,
        ConfigDef.Type.STRING,
        "none",
        choice("none", "json", "csv", "tsv"),
        Importance.LOW,
        Width.SHORT,
        "Insert format",
        "Rows are always sent as RowBinary. Only with 'customInsertFormat' does another value say"
            + " that the records are texts in that format, which this connector does not read.");
    keys.add(
        SinkConfig.CUSTOM_INSERT_FORMAT,
        ConfigDef.Type.BOOLEAN,
        false,
        Validators.of("false", SinkConfigKeys::refuseTrue),
        Importance.LOW,
        Width.SHORT,
        "Custom insert format",
        "Must be false: records are objects (JSON, Avro, Protobuf), not lines of text.");
    ignored(keys, "exactlyOnce", "Rows are written once whatever it says, and without Keeper.");
    ignored(keys, "zkPath", "No Keeper is asked.");
    ignored(keys, "zkDatabase", "No Keeper is asked.");
    ignored(keys, "keeperOnCluster", "No Keeper is asked.");
    ignored(keys, "retryCount", "Retries go on until ClickHouse answers.");
    ignored(keys, "clientVersion", "There is one client.");
    ignored(keys, "bypassRowBinary", "Missing columns take their DEFAULT in RowBinary as well.");
    ignored(keys, "bypassSchemaValidation", "Every value is checked against its column.");
    ignored(keys, "bypassFieldCleanup", "See 'extra.fields'.");
    ignored(keys, "tolerateStateMismatch", "What the table holds already is always passed over.");
    ignored(
        keys, "ignorePartitionsWhenBatching", "Partitions always share the inserts of a table.");
    ignored(keys, "reportInsertedOffsets", "Offsets are reported once they are written.");
  }

  private static void ignored(Group keys, String name, String why) {
    keys.add(
        name,
        ConfigDef.Type.STRING,
        "",
        ANY,
        Importance.LOW,
        Width.SHORT,
        name,
        "Taken from a config of clickhouse-kafka-connect, and without effect. " + why);
  }

  private static void refuseTrue(String name, Object value) {
    if (Boolean.TRUE.equals(value)) {
      throw new ConfigException(
          name,
          value,
          "records that are lines of text are not read; set a converter that makes objects of them,"
              + " such as JsonConverter, and leave this key out");
    }
  }

  private static Validator choice(String... names) {
    return Validators.of(
        "one of " + String.join(", ", names),
        (name, value) -> {
          if (Arrays.stream(names).noneMatch(n -> n.equalsIgnoreCase(String.valueOf(value)))) {
            throw new ConfigException(
                name, value, "must be one of " + String.join(", ", names).toLowerCase(Locale.ROOT));
          }
        });
  }

  /** The keys of one group, in order. */
  private static final class Group {
    private final ConfigDef def;
    private final String name;
    private int order;

    Group(ConfigDef def, String name) {
      this.def = def;
      this.name = name;
    }

    void add(
        String key,
        ConfigDef.Type type,
        Object defaultValue,
        Validator validator,
        Importance importance,
        Width width,
        String shown,
        String doc) {
      def.define(key, type, defaultValue, validator, importance, doc, name, ++order, width, shown);
    }

    /** A choice among an enum's constants. */
    <E extends Enum<E>> void add(
        String key, E defaultValue, Importance importance, String shown, String doc) {
      Class<E> type = defaultValue.getDeclaringClass();
      def.define(
          key,
          ConfigDef.Type.STRING,
          Validators.choice(defaultValue),
          Validators.oneOf(type),
          importance,
          doc,
          name,
          ++order,
          Width.SHORT,
          shown,
          Choices.of(type));
    }
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
