package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Column;
import dev.tributary.clickhouse.table.Metadata;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Window;
import dev.tributary.clickhouse.types.Sql;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * What stands between {@code INSERT INTO} and {@code FORMAT}.
 *
 * <h2>The guard</h2>
 *
 * <p>A guarded insert writes of its rows those that the table does not hold when it runs, whoever
 * sent it and however late it arrives. It is an {@code INSERT ... SELECT ... FROM input(...)} that
 *
 * <ol>
 *   <li>refuses to run while another insert of the same Kafka partitions into the table runs on the
 *       server ({@code system.processes}), and then
 *   <li>leaves out what the table has by (topic, partition, offset).
 * </ol>
 *
 * It also refuses to run where the columns' types are not those that the rows were written for.
 *
 * <p>A query stands in the list of processes from before its first subquery is worked out until
 * after its part is visible. So of two inserts of one partition that overlap in time, at least the
 * one that looks later sees the other and is refused (if both look late, both are, and try again);
 * of two that do not overlap, the second sees the first one's rows. The look at the processes
 * stands left of the look at the table, so that it comes first. That holds on one server, without
 * Keeper.
 */
final class InsertStatement {
  private static final String OFFSET_COLUMNS =
      Sql.name(Metadata.TOPIC)
          + ", "
          + Sql.name(Metadata.PARTITION)
          + ", "
          + Sql.name(Metadata.OFFSET);

  private InsertStatement() {}

  /** Writes every row. */
  static String plain(Table table, List<Column> columns) {
    return table.name().sql() + " (" + names(columns) + ")";
  }

  /** Writes every row, whose columns were narrower when the rows were made. */
  static String casting(Table table, List<Column> columns) {
    return through(table, columns) + unchanged(table, columns);
  }

  /**
   * Writes every row once more, under the token of the insert that wrote them: the table's window
   * drops them, and its views are fed. Refuses to run where the window may have forgotten the
   * token, or is not heeded.
   *
   * @param past what is known of that insert
   */
  static String repeated(Table table, List<Column> columns, Step.Past.Written past, Window window) {
    return through(table, columns)
        + unchanged(table, columns)
        + " AND "
        + remembered(table, past, window);
  }

  /**
   * Every part says from which number to which its blocks are, so that those that came since can be
   * counted, merged or not; numbers that no part has are those of inserts that were dropped.
   */
  private static String remembered(Table table, Step.Past.Written past, Window window) {
    return "(SELECT throwIf(sum(max_block_number - greatest(min_block_number - 1, "
        + past.block()
        + ")) > "
        + window.safeInserts()
        + " OR toUnixTimestamp(now()) - "
        + past.seconds()
        + " > "
        + window.safeSeconds()
        + " OR (SELECT count() FROM system.settings WHERE (name, value) IN ("
        + Window.NOT_HEEDED_BY.stream()
            .map(
                each ->
                    "(" + Sql.literal(each.getKey()) + ", " + Sql.literal(each.getValue()) + ")")
            .collect(Collectors.joining(", "))
        + ")) > 0, "
        + Sql.literal(Faults.INSERT_IS_FORGOTTEN)
        + ") FROM system.parts WHERE active AND database = "
        + Sql.literal(table.name().database())
        + " AND table = "
        + Sql.literal(table.name().table())
        + " AND max_block_number > "
        + past.block()
        + ") = 0";
  }

  /**
   * Writes the rows that are not there.
   *
   * @param ranges the first and last offset of each Kafka partition
   */
  static String guarded(Table table, List<Column> columns, Map<TopicPartition, long[]> ranges) {
    return through(table, columns)
        + alone(table, ranges.keySet())
        + " AND "
        + unchanged(table, columns)
        + " AND ("
        + OFFSET_COLUMNS
        + ") NOT IN (SELECT "
        + OFFSET_COLUMNS
        + " FROM "
        + table.name().sql()
        + " WHERE "
        + within(ranges)
        + ")";
  }

  /**
   * Asks for the lowest number that the block can have which rows are in that the table holds, and
   * for the time. A part is named {@code partition_first_last_level} after the blocks in it.
   */
  static String blockOf(Table table, Map<TopicPartition, long[]> ranges) {
    return "SELECT min(toInt64(splitByChar('_', _part)[2])) AS block, toUnixTimestamp(now()) AS"
        + " seconds FROM "
        + table.name().sql()
        + " WHERE "
        + within(ranges);
  }

  private static String within(Map<TopicPartition, long[]> ranges) {
    return ranges.entrySet().stream()
        .map(range -> range(range.getKey(), range.getValue()))
        .collect(Collectors.joining(" OR "));
  }

  private static String alone(Table table, Set<TopicPartition> partitions) {
    return "(SELECT throwIf(count() > 0, "
        + Sql.literal(Faults.ANOTHER_INSERT_RUNS)
        + ") FROM system.processes WHERE query_id != queryID() AND ("
        + partitions.stream()
            .map(partition -> "position(query, " + mark(table.name(), partition) + ") > 0")
            .collect(Collectors.joining(" OR "))
        + ")) = 0";
  }

  private static String through(Table table, List<Column> columns) {
    String structure =
        columns.stream()
            .map(column -> Sql.name(column.name()) + " " + column.sqlType())
            .collect(Collectors.joining(", "));
    return plain(table, columns)
        + " SELECT "
        + names(columns)
        + " FROM input("
        + Sql.literal(structure)
        + ") WHERE ";
  }

  /**
   * Rows of a SELECT are cast to the columns' types, and cut where they do not fit, so that the
   * types must be those that the rows were written for; a plain insert's header says so by itself.
   */
  private static String unchanged(Table table, List<Column> columns) {
    return "(SELECT throwIf(count() != "
        + columns.size()
        + ", "
        + Sql.literal(Faults.TABLE_HAS_CHANGED)
        + ") FROM system.columns WHERE database = "
        + Sql.literal(table.name().database())
        + " AND table = "
        + Sql.literal(table.name().table())
        + " AND (name, type) IN ("
        + columns.stream()
            .map(column -> table.columnOf(column.name()).orElse(column))
            .map(c -> "(" + Sql.literal(c.name()) + ", " + Sql.literal(c.sqlType()) + ")")
            .collect(Collectors.joining(", "))
        + ")) = 0";
  }

  /** What other inserts of the partition find in this one's text. */
  private static String mark(TableName table, TopicPartition partition) {
    return Sql.literal(
        "tributary:"
            + Integer.toHexString(table.hashCode())
            + ":"
            + partition.topic()
            + ":"
            + partition.partition()
            + ";");
  }

  private static String range(TopicPartition partition, long[] offsets) {
    return "("
        + Sql.name(Metadata.TOPIC)
        + " = "
        + Sql.literal(partition.topic())
        + " AND "
        + Sql.name(Metadata.PARTITION)
        + " = "
        + partition.partition()
        + " AND "
        + Sql.name(Metadata.OFFSET)
        + " BETWEEN "
        + offsets[0]
        + " AND "
        + offsets[1]
        + ")";
  }

  private static String names(List<Column> columns) {
    return columns.stream()
        .map(column -> Sql.name(column.name()))
        .collect(Collectors.joining(", "));
  }
}
