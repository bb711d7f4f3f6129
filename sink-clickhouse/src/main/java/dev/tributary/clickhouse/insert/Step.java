package dev.tributary.clickhouse.insert;

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
  enum Past {
    /** There was none, or none that can have written anything. */
    NONE,
    /** One failed without telling whether the rows were written. */
    UNKNOWN,
    /** The table has the rows, but a materialized view on it failed. */
    WRITTEN
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

    Insert withAttempt() {
      return past == Past.WRITTEN ? this : new Insert(rows, from, to, Past.UNKNOWN);
    }

    Insert butViews() {
      return new Insert(rows, from, to, Past.WRITTEN);
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
      // a part of them has another token than the whole, by which alone they can be written again
      return kept.count() == count()
          ? this
          : new Insert(kept, 0, kept.count(), past == Past.NONE ? past : Past.UNKNOWN);
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
