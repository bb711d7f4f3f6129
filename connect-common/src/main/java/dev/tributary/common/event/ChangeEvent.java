package dev.tributary.common.event;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * One record as sinks and transforms see it, whichever form it came in.
 *
 * <table>
 *   <caption>Forms</caption>
 *   <tr><th>form</th><th>told by</th><th>operation</th><th>row</th></tr>
 *   <tr><td>{@link Form#ENVELOPE}</td><td>a string field {@code op} and {@code after} or {@code before}</td>
 *     <td>its {@code op}</td><td>{@code after}; {@code before} where {@code after} is null</td></tr>
 *   <tr><td>{@link Form#FLAT}</td><td>a field {@code __op} or {@code __deleted}</td>
 *     <td>{@code __op}; DELETE where {@code __deleted} is true; else CREATE</td><td>the value</td></tr>
 *   <tr><td>{@link Form#PLAIN}</td><td>any other Struct or Map</td><td>CREATE</td><td>the value</td></tr>
 *   <tr><td>{@link Form#TOMBSTONE}</td><td>a null value</td><td>DELETE</td><td>null</td></tr>
 * </table>
 *
 * @param form which form the record's value has
 * @param operation what happened to the row
 * @param row the row after the change, or the last known one of a delete: a Struct, a Map, or null
 *     (tombstone, truncate, logical message, delete without old values)
 * @param before the row before the change, where an envelope carries it; else null
 * @param value the record's whole value: a Struct, a Map, or null
 */
public record ChangeEvent(Form form, Operation operation, Object row, Object before, Object value) {

  /** The forms of a record's value. */
  public enum Form {
    ENVELOPE,
    FLAT,
    PLAIN,
    TOMBSTONE
  }

  private static final ChangeEvent A_TOMBSTONE =
      new ChangeEvent(Form.TOMBSTONE, Operation.DELETE, null, null, null);

  /**
   * Reads a record's value.
   *
   * @throws DataException if the value is neither null nor a Struct nor a Map, or its {@code op} is
   *     unknown
   */
  public static ChangeEvent of(ConnectRecord<?> record) {
    return ofValue(record.value());
  }

  /** As {@link #of(ConnectRecord)}, from a value alone. */
  public static ChangeEvent ofValue(Object value) {
    if (value == null) {
      return A_TOMBSTONE;
    }
    if (value instanceof Struct struct) {
      return ofStruct(struct);
    }
    if (value instanceof Map<?, ?> map) {
      return ofMap(map);
    }
    throw new DataException(
        "the value is neither a Struct nor a Map but "
            + value.getClass().getName()
            + "; set a converter that reads objects, such as JsonConverter");
  }

  /** The row's schema, or null where the row is null or a Map. */
  public Schema rowSchema() {
    return row instanceof Struct struct ? struct.schema() : null;
  }

  private static ChangeEvent ofStruct(Struct value) {
    Schema schema = value.schema();
    Field op = schema.field("op");
    if (op != null && op.schema().type() == Schema.Type.STRING) {
      Field after = schema.field("after");
      Field before = schema.field("before");
      if (isRow(after) || isRow(before)) {
        return envelope(
            (String) value.get(op),
            after == null ? null : value.get(after),
            before == null ? null : value.get(before),
            value);
      }
    }
    Field flatOp = schema.field("__op");
    Field deleted = schema.field("__deleted");
    if (flatOp == null && deleted == null) {
      return new ChangeEvent(Form.PLAIN, Operation.CREATE, value, null, value);
    }
    return flat(
        flatOp == null ? null : value.get(flatOp),
        deleted == null ? null : value.get(deleted),
        value);
  }

  private static boolean isRow(Field field) {
    return field != null
        && (field.schema().type() == Schema.Type.STRUCT
            || field.schema().type() == Schema.Type.MAP);
  }

  private static ChangeEvent ofMap(Map<?, ?> value) {
    if (value.get("op") instanceof String op
        && (hasRow(value, "after") || hasRow(value, "before"))) {
      return envelope(op, value.get("after"), value.get("before"), value);
    }
    Object flatOp = value.get("__op");
    Object deleted = value.get("__deleted");
    if (flatOp == null && deleted == null) {
      return new ChangeEvent(Form.PLAIN, Operation.CREATE, value, null, value);
    }
    return flat(flatOp, deleted, value);
  }

  /** An envelope without rows (truncate, message) still has both keys, with null values. */
  private static boolean hasRow(Map<?, ?> value, String key) {
    Object row = value.get(key);
    return row instanceof Map || (row == null && value.containsKey(key));
  }

  private static ChangeEvent envelope(String op, Object after, Object before, Object value) {
    return new ChangeEvent(
        Form.ENVELOPE, operation(op, "op"), after != null ? after : before, before, value);
  }

  private static ChangeEvent flat(Object op, Object deleted, Object value) {
    Operation operation =
        deleted != null && Boolean.parseBoolean(deleted.toString())
            ? Operation.DELETE
            : op == null ? Operation.CREATE : operation(op.toString(), "__op");
    return new ChangeEvent(Form.FLAT, operation, value, null, value);
  }

  private static Operation operation(String code, String field) {
    Optional<Operation> operation = code == null ? Optional.empty() : Operation.ofCode(code);
    return operation.orElseThrow(
        () ->
            new DataException(
                "field '"
                    + field
                    + "' holds no known operation (known: "
                    + Operation.codes()
                    + ")"));
  }
}
