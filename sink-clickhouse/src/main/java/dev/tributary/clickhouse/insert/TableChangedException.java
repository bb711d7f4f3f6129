package dev.tributary.clickhouse.insert;

/** A lane's table is not what it was thought to be. Never leaves this package. */
final class TableChangedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Lane lane;

  TableChangedException(Lane lane, RuntimeException cause) {
    super(cause);
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }
}
