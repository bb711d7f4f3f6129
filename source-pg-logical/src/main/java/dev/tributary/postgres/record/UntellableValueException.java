package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.ColumnInfo;
import java.util.function.UnaryOperator;

/**
 * A value has no counterpart in its column's schema. The schema has to be made to fit, and the row
 * to be read again. Carries no value but, inside, a new label of an enum.
 */
final class UntellableValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String column;
  private final boolean ofComposite;
  private final transient UnaryOperator<ColumnInfo> remedy;

  private UntellableValueException(String column, String what, UnaryOperator<ColumnInfo> remedy) {
    this(column, what, false, remedy);
  }

  private UntellableValueException(
      String column, String what, boolean ofComposite, UnaryOperator<ColumnInfo> remedy) {
    super(what, null, false, false);
    this.column = column;
    this.ofComposite = ofComposite;
    this.remedy = remedy;
  }

  /** NaN as a Decimal, or the like, where the column may not be NULL. */
  static UntellableValueException ofRequired(String column) {
    return new UntellableValueException(
        column,
        "is NOT NULL and has a value that its schema cannot tell (one that is not finite, as a"
            + " Decimal; a time that is out of the range of its unit; an infinite interval,"
            + " structured): it becomes optional in the schema, and NULL is written; other values"
            + " of decimal.handling.mode and time.precision.mode keep such values",
        ColumnInfo::nullable);
  }

  /** NULL in an array whose elements were never NULL. */
  static UntellableValueException ofElement(String column) {
    return new UntellableValueException(
        column,
        "has an array with NULL in it: its elements become optional in the schema",
        ColumnInfo::withNullElements);
  }

  /** A label that was added to an enum. */
  static UntellableValueException ofLabel(String column, String label) {
    return new UntellableValueException(
        column,
        "has a label that was added to its enum: the schema tells it from now on",
        info -> info.withLabel(label));
  }

  /** A composite that is older or newer than what is known of its type. */
  static UntellableValueException ofComposite(String column) {
    return new UntellableValueException(
        column,
        "has a composite from before its type was altered: its fields are read place by place, and"
            + " are NULL where they do not fit",
        true,
        info -> info.withType(info.type().altered()));
  }

  /** A sparse vector that is longer than Debezium's schema can tell. */
  static UntellableValueException ofDimensions(String column, int dimensions) {
    return new UntellableValueException(
        column,
        "has a sparse vector of more than 32767 dimensions: the schema counts them in INT32 from now"
            + " on",
        info -> info.withModifier(dimensions));
  }

  String column() {
    return column;
  }

  /** Whether it is of a composite that has more or fewer fields than its type. */
  boolean isOfComposite() {
    return ofComposite;
  }

  /** The column with which the schema can tell the value. */
  ColumnInfo remedied(ColumnInfo info) {
    return remedy.apply(info);
  }
}
