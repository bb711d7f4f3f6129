package dev.tributary.clickhouse.insert;

/** A table has an insert's rows, and a materialized view on it failed, and is to be fed again. */
final class ViewFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ViewFailedException(String message, RuntimeException cause) {
    super(message, cause);
  }
}
