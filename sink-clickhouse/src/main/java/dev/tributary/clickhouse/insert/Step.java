package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.RowBinary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What is to be done to a table next; steps are done in order. */
sealed interface Step {

  /** What is known of the attempts to make an insert. */
  sealed interface Past {
    Past NONE = new None();
    Past UNKNOWN = new Unknown();
    Past AT_VIEW = new AtView();

    /** There was none, or none that can have written anything. */
    record None() implements Past {}

    /** One failed without telling whether the rows were written. */
    record Unknown() implements Past {}

    /** The server said that a materialized view failed; what the table has is yet to be asked. */
    record AtView() implements Past {}

    /**
     * The table has the rows under the insert's token, but a materialized view on it failed.
     *
     * @param block a number that the rows' block has in the table, or a lower one
     * @param seconds when that was asked, by the server's clock
     * @param told whether the server has told of every attempt that it failed
     */
    record Written(long block, long seconds, boolean told) implements Past {}
  }

  /**
   * Some rows are inserted, at once.
   *
   * @param from the first row's number
   * @param to the number behind the last row's
   * @param past what is known of attempts before
   */
  record Insert(Rows rows, int from, int to, Past past) implements Step {

    static Insert all(Rows rows) {
      return new Insert(rows, 0, rows.count(), Past.NONE);
    }

    int count() {
      return to - from;
    }

    /** What the rows take when they are sent, not compressed. */
    long bytes() {
      return rows.bytes(from, to);
    }

    /** After an attempt whose answer is not known. */
    Insert withAttempt() {
      if (past instanceof Past.Written written) {
        return with(new Past.Written(written.block(), written.seconds(), false));
      }
      return past == Past.AT_VIEW ? this : with(Past.UNKNOWN);
    }

    Insert with(Past now) {
      return new Insert(rows, from, to, now);
    }

    /** Whether a view failed after the table had the rows, so that views are yet to be fed. */
    boolean isForViews() {
      return past instanceof Past.Written || past == Past.AT_VIEW;
    }

    /** Two inserts of half the rows each. */
    List<Insert> halves() {
      int middle = from + count() / 2;
      return List.of(
          new Insert(rows, from, middle, Past.NONE), new Insert(rows, middle, to, Past.NONE));
    }

    /** The rows whose partition and offset pass; the same insert if all do. */
    Insert keep(BiPredicate<TopicPartition, Long> test) {
      Rows kept = new Rows(rows.columns());
      for (int row = from; row < to; row++) {
        if (test.test(rows.partition(row), rows.offset(row))) {
          kept.addFrom(rows, row);
        }
      }
      return kept.count() == count() ? this : new Insert(kept, 0, kept.count(), past);
    }

    /** The first and last offset of every Kafka partition. */
    Map<TopicPartition, long[]> ranges() {
      Map<TopicPartition, long[]> ranges = new LinkedHashMap<>();
      for (int row = from; row < to; row++) {
        long offset = rows.offset(row);
        ranges.computeIfAbsent(rows.partition(row), p -> new long[] {offset, offset})[1] = offset;
      }
      return ranges;
    }

    /** Where the first row comes from. */
    String firstRow() {
      TopicPartition partition = rows.partition(from);
      return "topic '"
          + partition.topic()
          + "', partition "
          + partition.partition()
          + ", offset "
          + rows.offset(from);
    }

    /** Where the rows come from. */
    String offsets() {
      return ranges().entrySet().stream()
          .map(
              range ->
                  "topic '"
                      + range.getKey().topic()
                      + "', partition "
                      + range.getKey().partition()
                      + ", offsets "
                      + range.getValue()[0]
                      + " to "
                      + range.getValue()[1])
          .collect(Collectors.joining("; "));
    }

    /** Whether rows have JSON, which takes a setting of the insert. */
    boolean hasJson() {
      return rows.columns().stream().anyMatch(each -> each.type() instanceof ColumnType.Json);
    }

    /**
     * {@code connector:topic:partition:first-last} of every partition, and what tells these rows
     * from all others: the same rows tried again have the same name. Other rows of the same offsets
     * do not, lest the server take a topic that was made anew, or is read again on purpose after
     * its rows were deleted, for a repetition, and drop it.
     */
    String token(String connector) {
      return ranges().entrySet().stream()
          .map(
              range ->
                  connector
                      + ":"
                      + range.getKey().topic()
                      + ":"
                      + range.getKey().partition()
                      + ":"
                      + range.getValue()[0]
                      + "-"
                      + range.getValue()[1])
          .collect(Collectors.joining(",", "", "#" + rows.id()));
    }

    /**
     * The body of an {@code INSERT ... FORMAT RowBinaryWithNamesAndTypes}. The types in its header
     * make the server refuse rows that were written for other types than the table has by now.
     */
    void writeTo(OutputStream out) throws IOException {
      RowBinary header = new RowBinary();
      header.varint(rows.columns().size());
      rows.columns().forEach(column -> header.string(column.name()));
      rows.columns().forEach(column -> header.string(column.sqlType()));
      out.write(header.array(), 0, header.size());
      rows.writeTo(out, from, to);
    }
  }

  /** Rows with a version below this one are emptied out. */
  record Truncate(long version, boolean acrossPartitions, TopicPartition partition, long offset)
      implements Step {}
}
