package dev.tributary.clickhouse.types;

/**
 * A value that a column cannot hold. The message says what does not fit, never the value itself.
 * Carries no stack trace: it is a decision about one record, not a fault of the program.
 */
public final class UnwritableValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String column;

  public UnwritableValueException(String message) {
    this(message, null);
  }

  private UnwritableValueException(String message, String column) {
    super(message, null, false, false);
    this.column = column;
  }

  /** The same, of a column. */
  public UnwritableValueException in(String name) {
    return new UnwritableValueException("column " + Sql.name(name) + ": " + getMessage(), name);
  }

  /** The column that cannot hold the value; null where it is not known. */
  public String column() {
    return column;
  }
}
