package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.types.Blanks;
import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.RowBinary;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.clickhouse.types.ValueWriter;
import dev.tributary.clickhouse.types.Writers;
import dev.tributary.common.event.Structs;
import dev.tributary.common.event.Unavailable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Decides where each column of a row comes from. */
final class Cells {
  private static final Object ABSENT = new Object();

  private final RowChange.Write sample;
  private final Schema row;
  private final Schema key;
  private final boolean mirror;
  private final String keyColumn;
  private final Unavailable unavailable;

  Cells(RowChange.Write sample, boolean mirror, String keyColumn, Unavailable unavailable) {
    this.unavailable = unavailable;
    this.sample = sample;
    this.row = RowShape.schema(sample.row());
    this.key = mirror ? RowShape.schema(sample.key()) : null;
    this.mirror = mirror;
    this.keyColumn = keyColumn;
  }

  /** The cell of a column; null where the column is left to the server. */
  RowEncoder.Cell of(Column column) {
    if (Metadata.isColumn(column.name())) {
      RowEncoder.Cell own = metadata(column);
      if (own != null) {
        return own;
      }
    }
    Field inRow = row == null ? null : row.field(column.name());
    Field inKey = key == null ? null : key.field(column.name());
    if (inRow != null && !(mirror && Metadata.isBookkeeping(column.name()))) {
      ValueWriter writer = Writers.of(column.type(), inRow.schema());
      return value(column, writer, change -> Structs.get((Struct) change.row(), inRow));
    }
    if (inKey != null) {
      ValueWriter writer = Writers.of(column.type(), inKey.schema());
      return value(column, writer, change -> Structs.get((Struct) change.key(), inKey));
    }
    if (mirror
        && key == null
        && column.name().equals(keyColumn)
        && !(sample.row() instanceof Map)) {
      return value(column, Writers.of(column.type(), null), RowChange.Write::key);
    }
    return sample.row() instanceof Map || sample.key() instanceof Map
        ? inMaps(column)
        : absent(column);
  }

  @FunctionalInterface
  private interface Source {
    Object get(RowChange.Write change);
  }

  /** A deleted row need not know more than its key: what else is null is filled. */
  private RowEncoder.Cell value(Column column, ValueWriter writer, Source source) {
    ColumnType type = column.type();
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
    if (!mirror || !unavailable.is(value)) {
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
    if (type instanceof ColumnType.Unsupported || (column.hasDefault() && !isIn(column.name()))) {
      return null;
    }
    ValueWriter writer = Writers.of(type, null);
    String name = column.name();
    boolean canBeAbsent = !column.hasDefault();
    return (out, change, record) -> {
      Object value = known(lookUp(change, name), change);
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

  private boolean isIn(String name) {
    return lookUp(sample, name) != ABSENT;
  }

  private Object lookUp(RowChange.Write change, String name) {
    if (change.row() instanceof Map<?, ?> map && map.containsKey(name)) {
      return map.get(name);
    }
    if (mirror && change.key() instanceof Map<?, ?> map && map.containsKey(name)) {
      return map.get(name);
    }
    boolean single = change.key() != null && !(change.key() instanceof Map);
    return mirror && single && name.equals(keyColumn) ? change.key() : ABSENT;
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
