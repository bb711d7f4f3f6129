package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.types.Blanks;
import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.RowBinary;
import dev.tributary.clickhouse.types.TimeTexts;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.clickhouse.types.ValueWriter;
import dev.tributary.clickhouse.types.Writers;
import dev.tributary.common.event.Structs;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Decides where each column of a row comes from. */
final class Cells {
  private static final Object ABSENT = new Object();

  private final Table table;
  private final RowChange.Write sample;
  private final RowEncoder.Rules rules;
  private final Schema row;
  private final Schema key;
  private final boolean mirror;
  private final boolean hasMaps;

  Cells(Table table, RowChange.Write sample, RowEncoder.Rules rules) {
    this.table = table;
    this.sample = sample;
    this.rules = rules;
    this.mirror = rules.mirror();
    this.row = RowShape.schema(sample.row());
    this.key = mirror ? RowShape.schema(sample.key()) : null;
    this.hasMaps = sample.row() instanceof Map || sample.key() instanceof Map;
  }

  /** The cell of a column; null where the column is left to the server. */
  RowEncoder.Cell of(Column column) {
    if (Metadata.isColumn(column.name())) {
      RowEncoder.Cell own = metadata(column);
      if (own != null) {
        return own;
      }
    }
    if (column.name().equals(rules.extraColumn())) {
      return ExtraCell.of(table, column, mirror);
    }
    Field inRow = field(row, column);
    if (inRow != null && !(mirror && Metadata.isBookkeeping(inRow.name()))) {
      ValueWriter writer = writer(column, inRow.name(), inRow.schema());
      return value(column, writer, change -> Structs.get((Struct) change.row(), inRow));
    }
    Field inKey = field(key, column);
    if (inKey != null) {
      ValueWriter writer = writer(column, inKey.name(), inKey.schema());
      return value(column, writer, change -> Structs.get((Struct) change.key(), inKey));
    }
    if (mirror
        && key == null
        && column.name().equals(rules.keyColumn())
        && !(sample.row() instanceof Map)) {
      return value(column, writer(column, column.name(), null), RowChange.Write::key);
    }
    NestedField nested = NestedField.of(row, column, table.foldsNames() ? table : null);
    if (nested != null) {
      ValueWriter writer = writer(column, nested.name(), nested.arraySchema());
      return value(column, writer, change -> nested.get((Struct) change.row()));
    }
    return hasMaps ? inMaps(column) : absent(column);
  }

  /** The field of the column's own name, else one that means the same. */
  private Field field(Schema schema, Column column) {
    if (schema == null) {
      return null;
    }
    Field exact = schema.field(column.name());
    if (exact != null || !table.foldsNames()) {
      return exact;
    }
    return schema.fields().stream()
        .filter(field -> table.isFieldOf(column, field.name()))
        .findFirst()
        .orElse(null);
  }

  private ValueWriter writer(Column column, String field, Schema schema) {
    return Writers.of(column.type(), schema, rules.formats().getOrDefault(field, TimeTexts.ISO));
  }

  @FunctionalInterface
  private interface Source {
    Object get(RowChange.Write change);
  }

  /** A deleted row need not know more than its key: what else is null is filled. */
  private RowEncoder.Cell value(Column column, ValueWriter writer, Source source) {
    ColumnType type = column.type();
    if (!mirror) {
      return (out, change, record) -> {
        Object value = source.get(change);
        if (value == null && change.deleted()) {
          Blanks.write(out, type);
        } else {
          writer.write(out, value);
        }
      };
    }
    return (out, change, record) -> {
      Object value = known(source.get(change), change);
      if (value == null && change.deleted()) {
        Blanks.write(out, type);
      } else {
        writer.write(out, value);
      }
    };
  }

  /**
   * A row of a mirror replaces the one before it, so a value that is not known would be lost. An
   * appended one tells what came.
   */
  private Object known(Object value, RowChange.Write change) {
    if (!mirror || !rules.unavailable().is(value)) {
      return value;
    }
    if (change.deleted()) {
      return null;
    }
    throw new UnwritableValueException(
        "the value is not known, as Postgres did not send the unchanged large value, and would be"
            + " lost in the mirror; set REPLICA IDENTITY FULL on the source table (records that are"
            + " in the topic already stay as they are: for them, set"
            + " 'unavailable.value.placeholder' to nothing, which writes the placeholder)");
  }

  private RowEncoder.Cell absent(Column column) {
    if (column.hasDefault() || column.type() instanceof ColumnType.Unsupported) {
      return null;
    }
    ColumnType type = column.type();
    return (out, change, record) -> Blanks.write(out, type);
  }

  /** Without schema every record may have other fields, so the column is looked up each time. */
  private RowEncoder.Cell inMaps(Column column) {
    ColumnType type = column.type();
    if (type instanceof ColumnType.Unsupported || (column.hasDefault() && !isIn(column))) {
      return null;
    }
    ValueWriter writer = writer(column, column.name(), null);
    boolean canBeAbsent = !column.hasDefault();
    return (out, change, record) -> {
      Object value = known(lookUp(change, column), change);
      if (value == ABSENT && !canBeAbsent) {
        throw new UnwritableValueException("the field is missing");
      }
      if (value == ABSENT || (value == null && change.deleted())) {
        Blanks.write(out, type);
      } else {
        writer.write(out, value);
      }
    };
  }

  private boolean isIn(Column column) {
    return lookUp(sample, column) != ABSENT;
  }

  private Object lookUp(RowChange.Write change, Column column) {
    Object inRow = change.row() instanceof Map<?, ?> map ? lookUp(map, column) : ABSENT;
    if (inRow != ABSENT) {
      return inRow;
    }
    if (mirror && change.key() instanceof Map<?, ?> map) {
      Object inKey = lookUp(map, column);
      if (inKey != ABSENT) {
        return inKey;
      }
    }
    boolean single = change.key() != null && !(change.key() instanceof Map);
    return mirror && single && column.name().equals(rules.keyColumn()) ? change.key() : ABSENT;
  }

  private Object lookUp(Map<?, ?> map, Column column) {
    Object value = map.get(column.name());
    if (value != null || map.containsKey(column.name())) {
      return value;
    }
    if (table.foldsNames()) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (table.isFieldOf(column, String.valueOf(entry.getKey()))) {
          return entry.getValue();
        }
      }
    }
    Object nested = NestedField.get(map, column);
    return nested == null ? ABSENT : nested;
  }

  private RowEncoder.Cell metadata(Column column) {
    ValueWriter writer = Writers.of(column.type(), null);
    return switch (column.name()) {
      case Metadata.TOPIC -> topic(writer);
      case Metadata.PARTITION ->
          (out, change, record) -> writer.write(out, record.originalKafkaPartition());
      case Metadata.OFFSET ->
          (out, change, record) -> writer.write(out, record.originalKafkaOffset());
      case Metadata.OPERATION -> (out, change, record) -> writer.write(out, change.operation());
      case Metadata.VERSION ->
          mirror ? (out, change, record) -> writer.write(out, change.version()) : null;
      default -> mirror ? (out, change, record) -> writer.write(out, change.deleted()) : null;
    };
  }

  /** One topic follows another rarely: its bytes are kept. */
  private static RowEncoder.Cell topic(ValueWriter writer) {
    return new RowEncoder.Cell() {
      private String last;
      private byte[] bytes;

      @Override
      public void write(RowBinary out, RowChange.Write change, SinkRecord record) {
        String topic = record.originalTopic();
        if (!topic.equals(last)) {
          last = topic;
          bytes = topic.getBytes(StandardCharsets.UTF_8);
        }
        writer.write(out, bytes);
      }
    };
  }
}
