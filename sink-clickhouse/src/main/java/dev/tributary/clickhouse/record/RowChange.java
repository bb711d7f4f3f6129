package dev.tributary.clickhouse.record;

/** What a record does to its table. */
public sealed interface RowChange {

  /**
   * A row is written.
   *
   * @param row a Struct or a Map; null where only the key is known (a delete without old values)
   * @param key the record's key: a Struct, a Map, a single value or null
   * @param deleted whether the row is the last one known of a key that is gone; it may lack all but
   *     its key
   * @param version orders the rows of a key; 0 where rows have none
   * @param operation the code of the operation, such as {@code c}
   */
  record Write(Object row, Object key, boolean deleted, long version, String operation)
      implements RowChange {}

  /**
   * All rows with a version below this one are emptied out.
   *
   * @param acrossPartitions whether versions order the events of different Kafka partitions too
   */
  record Truncate(long version, boolean acrossPartitions) implements RowChange {}

  /** Nothing is written. */
  record Skip() implements RowChange {
    static final Skip INSTANCE = new Skip();
  }
}
