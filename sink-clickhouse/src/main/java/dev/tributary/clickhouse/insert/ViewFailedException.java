package dev.tributary.clickhouse.insert;

/** An insert failed at a materialized view on its table, and is to be made again. */
final class ViewFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ViewFailedException(String message, RuntimeException cause) {
    super(message, cause);
  }
}
