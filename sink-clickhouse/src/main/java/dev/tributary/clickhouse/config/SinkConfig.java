package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import dev.tributary.common.error.Backoff;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;

/**
 * The connector's settings. Names are clickhouse-kafka-connect's where the idea is the same. What
 * is known of a key stands with its group, in {@link ConnectionKeys}, {@link SecurityKeys}, {@link
 * RowKeys}, {@link TableKeys}, {@link DeliveryKeys} and {@link PeerKeys}.
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
  public static final String ACCESS_TOKEN = "access.token";
  public static final String TRUSTSTORE = "ssl.truststore.location";
  public static final String TRUSTSTORE_PASSWORD = "ssl.truststore.password";
  public static final String TRUSTSTORE_TYPE = "ssl.truststore.type";
  public static final String CA_CERTIFICATE = "ssl.ca.certificate";
  public static final String CLIENT_CERTIFICATE = "ssl.client.certificate";
  public static final String CLIENT_KEY = "ssl.client.key";
  public static final String PROXY_TYPE = "proxyType";
  public static final String PROXY_HOST = "proxyHost";
  public static final String PROXY_PORT = "proxyPort";
  public static final String PROXY_USERNAME = "proxy.username";
  public static final String PROXY_PASSWORD = "proxy.password";
  public static final String CONNECTION_PROPERTIES = "jdbcConnectionProperties";
  public static final String EXTRA_COLUMN = "extra.column";
  public static final String COLUMN_CASE = "column.case";
  public static final String DATE_TIME_FORMATS = "dateTimeFormats";
  public static final String TOPIC_TO_DATABASE = "topic2DatabaseMap";
  public static final String SPLIT_TOPIC = "enableDbTopicSplit";
  public static final String SPLIT_CHARACTER = "dbTopicSplitChar";
  public static final String TTL = "ttl";
  public static final String TABLE_SETTINGS = "table.settings";
  public static final String CLUSTER = "cluster";
  public static final String LOW_CARDINALITY = "low.cardinality";
  public static final String VIEW = "mirror.view";
  public static final String REFRESH_SECONDS = "tableRefreshInterval";
  public static final String SKIP_MISSING_TABLES = "suppressTableExistenceException";
  public static final String INSERT_THREADS = "insert.threads";
  public static final String LANES_PER_TABLE = "insert.threads.per.table";
  public static final String INSERT_GUARD = "insert.guard";
  public static final String BUFFER_COUNT = "bufferCount";
  public static final String BUFFER_FLUSH_TIME = "bufferFlushTime";
  public static final String INSERT_FORMAT = "insertFormat";
  public static final String CUSTOM_INSERT_FORMAT = "customInsertFormat";

  public static final ConfigDef CONFIG_DEF = define();

  private final Map<String, String> serverSettings;
  private final TableNames tableNames;

  public SinkConfig(Map<String, String> properties) {
    super(CONFIG_DEF, properties);
    serverSettings = TableNames.pairs(getString(CLICKHOUSE_SETTINGS));
    tableNames = TableNames.of(this);
  }

  private static ConfigDef define() {
    ConfigDef def = new ConfigDef();
    ConnectionKeys.define(def);
    SecurityKeys.define(def);
    RowKeys.define(def);
    TableKeys.define(def);
    DeliveryKeys.define(def);
    PeerKeys.define(def);
    return def;
  }

  /** The servers, tried in turn. */
  public List<Endpoint> endpoints() {
    return Endpoint.parseAll(getString(HOSTNAME), getInt(PORT));
  }

  /** The servers as logs and errors name them. */
  public String address() {
    return endpoints().stream().map(Endpoint::toString).collect(Collectors.joining(", "));
  }

  public boolean ssl() {
    return getBoolean(SSL);
  }

  /** The database that statements without one are run in. */
  public String defaultDatabase() {
    return tableNames.oneDatabase() ? getString(DATABASE).strip() : "default";
  }

  public String username() {
    return getString(USERNAME);
  }

  /** The token that is sent in place of user and password; empty for none. */
  public Optional<String> accessToken() {
    return secret(ACCESS_TOKEN);
  }

  /** A text setting; empty where it is not set. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(getString(key)).map(String::strip).filter(t -> !t.isEmpty());
  }

  /** A secret; empty where it is not set. */
  public Optional<String> secret(String key) {
    return Optional.ofNullable(getPassword(key)).map(Password::value).filter(t -> !t.isEmpty());
  }

  /** Whether requests go through an HTTP proxy. */
  public boolean proxied() {
    return text(PROXY_HOST).isPresent() && !"IGNORE".equalsIgnoreCase(getString(PROXY_TYPE));
  }

  public int proxyPort() {
    return getInt(PROXY_PORT);
  }

  /** Properties of the connection that have no key of their own. */
  public Map<String, String> connectionProperties() {
    return ConnectionProperties.parse(getString(CONNECTION_PROPERTIES));
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

  /** The column that fields without a column of their own go to. */
  public String extraColumn() {
    return getString(EXTRA_COLUMN);
  }

  public ColumnCase columnCase() {
    return Validators.constant(ColumnCase.class, getString(COLUMN_CASE));
  }

  /** Patterns of texts that are points in time, by field. */
  public Map<String, String> dateTimeFormats() {
    return TableNames.pairs(getString(DATE_TIME_FORMATS), ";");
  }

  public Optional<String> engine() {
    return text(ENGINE);
  }

  public Optional<String> ttl() {
    return text(TTL);
  }

  public Optional<String> tableSettings() {
    return text(TABLE_SETTINGS);
  }

  /** The cluster that DDL is run on. */
  public Optional<String> cluster() {
    return text(CLUSTER);
  }

  /** Names of String columns to create as LowCardinality; {@code *} for all. */
  public Set<String> lowCardinality() {
    return Set.copyOf(stripped(LOW_CARDINALITY));
  }

  /** The name of the view over a mirror, with {@code ${table}}. */
  public Optional<String> view() {
    return text(VIEW);
  }

  /** After how long a table is looked at anew; zero for never. */
  public Duration refreshAfter() {
    return Duration.ofSeconds(getLong(REFRESH_SECONDS));
  }

  public boolean skipMissingTables() {
    return getBoolean(SKIP_MISSING_TABLES);
  }

  /** Inserts that are under way at once. */
  public int insertThreads() {
    return Math.max(getInt(INSERT_THREADS), getInt(LANES_PER_TABLE));
  }

  public int lanesPerTable() {
    return getInt(LANES_PER_TABLE);
  }

  public boolean insertGuard() {
    return getBoolean(INSERT_GUARD);
  }

  private List<String> stripped(String key) {
    return getList(key).stream().map(String::strip).filter(c -> !c.isEmpty()).toList();
  }

  /** Columns of the sorting key; empty for the default. */
  public List<String> orderBy() {
    return stripped(ORDER_BY);
  }

  public Optional<String> partitionBy() {
    return text(PARTITION_BY);
  }

  /** What records that are lines of text hold; empty where texts are no rows. */
  public Optional<InsertFormat> textFormat() {
    return getBoolean(CUSTOM_INSERT_FORMAT)
        ? Optional.of(Validators.constant(InsertFormat.class, getString(INSERT_FORMAT)))
        : Optional.empty();
  }

  public int flushRows() {
    int peer = getInt(BUFFER_COUNT);
    return peer > 0 ? Math.min(peer, DeliveryKeys.MAX_ROWS) : getInt(FLUSH_ROWS);
  }

  /** The most rows of one insert, which many more than {@link #flushRows} can come together to. */
  public int mostRows() {
    return DeliveryKeys.MAX_ROWS;
  }

  public long flushBytes() {
    return getLong(FLUSH_BYTES);
  }

  public Duration flushAfter() {
    long peer = getLong(BUFFER_FLUSH_TIME);
    return Duration.ofMillis(peer > 0 ? peer : getLong(FLUSH_MS));
  }

  /** A longest wait below the first counts as the first. */
  public Backoff backoff() {
    long initial = getLong(RETRY_BACKOFF_MS);
    return new Backoff(
        Duration.ofMillis(initial),
        Duration.ofMillis(Math.max(initial, getLong(RETRY_BACKOFF_MAX_MS))));
  }
}
