package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;

/** What records look like and where they go. */
public final class OutputKeys {
  public static final String TOPIC_PREFIX = "topic.prefix";
  public static final String MESSAGE_KEYS = "message.key.columns";
  public static final String TOMBSTONES = "tombstones.on.delete";
  public static final String EXTENDED_HEADERS = "extended.headers.enabled";
  public static final String HEARTBEAT_INTERVAL = "heartbeat.interval.ms";
  public static final String HEARTBEAT_PREFIX = "topic.heartbeat.prefix";
  public static final String TOPIC_DELIMITER = "topic.delimiter";
  public static final String TRANSACTIONS = "provide.transaction.metadata";
  public static final String TRANSACTION_TOPIC = "topic.transaction";
  public static final String SCHEMA_NAMES = "schema.name.adjustment.mode";
  public static final String FIELD_NAMES = "field.name.adjustment.mode";

  public static final String FORMAT = "output.format";
  public static final String ADD_FIELDS = "add.fields";
  public static final String ADD_FIELDS_PREFIX = "add.fields.prefix";
  public static final String DELETES = "delete.tombstone.handling.mode";

  /** The keys that say what rows without an envelope look like. */
  static final Set<String> OF_ROWS = Set.of(ADD_FIELDS, ADD_FIELDS_PREFIX, DELETES);

  private static final List<String> ADJUSTMENTS = List.of("none", "avro", "avro_unicode");

  private OutputKeys() {}

  private static void defineFormat(KeyDefinitions keys) {
    keys.choice(
            FORMAT,
            "envelope",
            List.of("envelope", "row"),
            "Format of values",
            "envelope writes Debezium's change event: the row before and after, the source, the operation. row writes the row alone, as Debezium's ExtractNewRecordState transform makes it of the event: the row after an insert or update and of a snapshot; of a delete what "
                + DELETES
                + " says; a TRUNCATE is not written. Keys, topics, headers, logical messages and transaction metadata are the same in both.")
        .key(
            ADD_FIELDS,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy(
                "fields of a change event separated by commas, such as op,lsn,source.ts_ms",
                text -> AddedField.parseAll(text, "")),
            "Added fields",
            "With output.format=row: what of the change event stands in the row, beside the columns: its own op, ts_ms, ts_us, ts_ns (of the processing), the source's lsn, table, schema, db, txId, snapshot and so on, or BLOCK.FIELD (source.ts_ms, the time of the commit, which becomes __source_ts_ms); FIELD:NAME gives another name.")
        .key(
            ADD_FIELDS_PREFIX,
            ConfigDef.Type.STRING,
            "__",
            null,
            "Prefix of added fields",
            "What the names of added fields begin with.")
        .choice(
            DELETES,
            "tombstone",
            List.of(
                "drop", "tombstone", "delete-to-tombstone", "rewrite", "rewrite-with-tombstone"),
            "Deletes in rows",
            "With output.format=row: what becomes of a delete. tombstone: a record without a value, so that compaction drops the key. delete-to-tombstone: the same, and without the schema that the row would have. drop: nothing. rewrite: the old row (its key alone, unless the table has REPLICA IDENTITY FULL) with __deleted = \"true\", which is \"false\" in all others. rewrite-with-tombstone: the same, and behind it a tombstone (unless tombstones.on.delete=false).");
  }

  static void define(KeyDefinitions keys) {
    keys.group("Events")
        .key(
            TOPIC_PREFIX,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            KeyDefinitions.matching(
                "[a-zA-Z0-9._-]+", "letters, digits, dots, dashes and underscores"),
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
            "Milliseconds after which a heartbeat record carries the position on where the server's log moves and no record of a captured table has reached the broker meanwhile; without it the server would keep that log. 0 for none.")
        .key(
            HEARTBEAT_PREFIX,
            ConfigDef.Type.STRING,
            "__debezium-heartbeat",
            KeyDefinitions.matching(
                "[a-zA-Z0-9._-]+", "letters, digits, dots, dashes and underscores"),
            "Heartbeat topic prefix",
            "Heartbeats go to <this>.<topic.prefix>.")
        .key(
            TOPIC_DELIMITER,
            ConfigDef.Type.STRING,
            ".",
            KeyDefinitions.matching(
                "[a-zA-Z0-9._-]+", "letters, digits, dots, dashes and underscores"),
            "Topic delimiter",
            "Stands between the parts of a topic's name.")
        .flag(
            TRANSACTIONS,
            false,
            "Transaction metadata",
            "Whether records tell their transaction and their place in it, and a topic has a record for each begin and end of a transaction.")
        .key(
            TRANSACTION_TOPIC,
            ConfigDef.Type.STRING,
            "transaction",
            KeyDefinitions.matching(
                "[a-zA-Z0-9._-]+", "letters, digits, dots, dashes and underscores"),
            "Transaction topic",
            "Begins and ends of transactions go to <topic.prefix>.<this>.")
        .choice(
            SCHEMA_NAMES,
            "none",
            ADJUSTMENTS,
            "Schema names",
            "How the names of schemas are made to fit a converter: avro writes _ for what Avro does not allow, avro_unicode its code as _uxxxx.")
        .choice(
            FIELD_NAMES,
            "none",
            ADJUSTMENTS,
            "Field names",
            "The same for the names of fields, which are the columns.");
    defineFormat(keys);
  }
}
