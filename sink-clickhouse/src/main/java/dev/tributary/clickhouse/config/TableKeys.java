package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Which tables there are, and how they are made. */
final class TableKeys {
  private TableKeys() {}

  static void define(ConfigDef def) {
    KeyGroup keys = new KeyGroup(def, "Tables");
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
        KeyGroup.ANY,
        Importance.LOW,
        Width.SHORT,
        "Split topic",
        "Whether a topic's name is a database's and a table's with 'dbTopicSplitChar' between.");
    keys.add(
        SinkConfig.SPLIT_CHARACTER,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.LOW,
        Width.SHORT,
        "Split at",
        "What stands between database and table for 'enableDbTopicSplit'.");
    keys.add(
        SinkConfig.AUTO_CREATE,
        ConfigDef.Type.BOOLEAN,
        true,
        KeyGroup.ANY,
        Importance.HIGH,
        Width.SHORT,
        "Create tables",
        "Whether to create a missing table from the schema of its first record.");
    keys.add(
        SinkConfig.AUTO_EVOLVE,
        ConfigDef.Type.BOOLEAN,
        true,
        KeyGroup.ANY,
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
        KeyGroup.ANY,
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
        KeyGroup.ANY,
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
        KeyGroup.ANY,
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
        KeyGroup.ANY,
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
        KeyGroup.ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Cluster",
        "Cluster that tables are created and evolved on (ON CLUSTER). Set an engine of the"
            + " Replicated family with it.");
    keys.add(
        SinkConfig.LOW_CARDINALITY,
        ConfigDef.Type.LIST,
        List.of(),
        KeyGroup.ANY,
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
        KeyGroup.ANY,
        Importance.LOW,
        Width.SHORT,
        "Skip missing tables",
        "Whether records of a topic without a table are skipped, where auto.create is false. They are"
            + " lost then; the log says so once per topic. Else the task stops.");
  }
}
