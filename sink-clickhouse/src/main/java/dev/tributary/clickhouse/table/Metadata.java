package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.types.ColumnType;
import java.util.Set;

/** The columns that the sink itself fills. */
public final class Metadata {
  public static final String TOPIC = "_topic";
  public static final String PARTITION = "_partition";
  public static final String OFFSET = "_offset";

  /** The event's operation, where an envelope is appended. */
  public static final String OPERATION = "_op";

  public static final String VERSION = "_version";
  public static final String DELETED = "_deleted";

  private static final Set<String> IN_ROWS =
      Set.of(TOPIC, PARTITION, OFFSET, OPERATION, VERSION, DELETED);

  /** What Debezium's ExtractNewRecordState leaves in a flattened row to tell what happened. */
  private static final Set<String> BOOKKEEPING = Set.of("__op", "__deleted");

  static final ColumnType LOW_STRING = new ColumnType.LowCardinality(ColumnType.Plain.STRING);
  static final ColumnType INT32 = new ColumnType.Int(32, true);
  static final ColumnType INT64 = new ColumnType.Int(64, true);
  static final ColumnType UINT64 = new ColumnType.Int(64, false);
  static final ColumnType UINT8 = new ColumnType.Int(8, false);

  private Metadata() {}

  /** Whether the sink fills a column of this name itself. */
  static boolean isColumn(String name) {
    return IN_ROWS.contains(name);
  }

  static boolean isBookkeeping(String field) {
    return BOOKKEEPING.contains(field);
  }
}
