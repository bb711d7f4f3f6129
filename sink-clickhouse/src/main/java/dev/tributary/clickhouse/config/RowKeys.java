package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** How records become rows. */
final class RowKeys {
  private RowKeys() {}

  static void define(ConfigDef def) {
    KeyGroup keys = new KeyGroup(def, "Rows");
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
        KeyGroup.ANY,
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
        KeyGroup.ANY,
        Importance.LOW,
        Width.MEDIUM,
        "Placeholder of unknown values",
        "What the source writes in place of an unchanged large value (TOAST) that Postgres did not"
            + " send. In mirror mode such a record is rejected, as the value in the table would be"
            + " lost; REPLICA IDENTITY FULL on the source table makes Postgres send it. In append"
            + " mode it is written as it comes. Empty: it is written like any value in both.");
  }
}
