package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.table.Column;
import dev.tributary.clickhouse.types.RowBinary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Encoded rows of the same columns, in the order of their offsets, with where each comes from. Only
 * ever grows.
 */
final class Rows {
  private static final int FIRST_CHUNK = 4 * 1024;
  private static final int LAST_CHUNK = 256 * 1024;

  /**
   * What a kept record is taken to cost in memory: objects and headers of its own, and its fields
   * as objects, in an envelope twice (before and after). An estimate on the safe side; the true
   * cost is not to be had cheaply.
   */
  private static final int RECORD_BYTES = 1_024;

  private static final int RECORD_BYTES_PER_ROW_BYTE = 4;

  private final UUID id = UUID.randomUUID();
  private final List<Column> columns;
  private final List<byte[]> chunks = new ArrayList<>();
  private final List<Integer> chunkEnds = new ArrayList<>();
  private byte[] chunk = new byte[0];
  private int inChunk;
  private int bytes;

  private final Map<TopicPartition, Integer> partitionNumbers = new LinkedHashMap<>();
  private final List<TopicPartition> partitions = new ArrayList<>();
  private int[] ends = new int[64];
  private int[] partitionOf = new int[64];
  private long[] offsets = new long[64];
  private List<SinkRecord> records;
  private int count;
  private long recordBytes;

  Rows(List<Column> columns) {
    this.columns = columns;
  }

  /**
   * Adds a row.
   *
   * @param record the row's record, where it may have to be reported; else null
   */
  void add(RowBinary row, TopicPartition partition, long offset, SinkRecord record) {
    append(row.array(), row.size());
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
      partitionOf = Arrays.copyOf(partitionOf, count * 2);
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    ends[count] = bytes;
    partitionOf[count] = number(partition);
    offsets[count] = offset;
    if (record != null) {
      if (records == null) {
        records = new ArrayList<>();
      }
      records.add(record);
      recordBytes += RECORD_BYTES + (long) RECORD_BYTES_PER_ROW_BYTE * row.size();
    }
    count++;
  }

  private int number(TopicPartition partition) {
    Integer known = partitionNumbers.get(partition);
    if (known != null) {
      return known;
    }
    partitionNumbers.put(partition, partitions.size());
    partitions.add(partition);
    return partitions.size() - 1;
  }

  private void append(byte[] from, int length) {
    int done = 0;
    while (done < length) {
      if (inChunk == chunk.length) {
        newChunk();
      }
      int part = Math.min(length - done, chunk.length - inChunk);
      System.arraycopy(from, done, chunk, inChunk, part);
      inChunk += part;
      done += part;
    }
    bytes = Math.addExact(bytes, length);
  }

  private void newChunk() {
    int size =
        chunk.length == 0 ? FIRST_CHUNK : Math.min(LAST_CHUNK, Math.multiplyExact(chunk.length, 4));
    chunk = new byte[size];
    inChunk = 0;
    chunks.add(chunk);
    int before = chunkEnds.isEmpty() ? 0 : chunkEnds.get(chunkEnds.size() - 1);
    chunkEnds.add(before + size);
  }

  /** Tells them from all other rows, also from those that came of the same records before. */
  UUID id() {
    return id;
  }

  List<Column> columns() {
    return columns;
  }

  int count() {
    return count;
  }

  /** What the rows, and the records that are kept with them, take in memory. */
  long heldBytes() {
    return bytes + recordBytes;
  }

  /** The bytes of the rows from one number up to, not including, another. */
  long bytes(int fromRow, int toRow) {
    return (toRow == 0 ? 0L : ends[toRow - 1]) - (fromRow == 0 ? 0L : ends[fromRow - 1]);
  }

  TopicPartition partition(int row) {
    return partitions.get(partitionOf[row]);
  }

  long offset(int row) {
    return offsets[row];
  }

  /** The row's record, or null if it was not kept. */
  SinkRecord record(int row) {
    return records == null ? null : records.get(row);
  }

  /** Writes the bytes of the rows from one number up to, not including, another. */
  void writeTo(OutputStream out, int fromRow, int toRow) throws IOException {
    int from = fromRow == 0 ? 0 : ends[fromRow - 1];
    int to = toRow == 0 ? 0 : ends[toRow - 1];
    int start = 0;
    for (int i = 0; i < chunks.size() && start < to; i++) {
      int end = chunkEnds.get(i);
      int first = Math.max(from, start);
      int last = Math.min(to, end);
      if (first < last) {
        out.write(chunks.get(i), first - start, last - first);
      }
      start = end;
    }
  }

  /** Adds a row of other rows of the same columns. */
  void addFrom(Rows other, int row) {
    try {
      RowBinary copy = new RowBinary();
      other.writeTo(new RowStream(copy), row, row + 1);
      add(copy, other.partition(row), other.offset(row), other.record(row));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static final class RowStream extends OutputStream {
    private final RowBinary row;

    RowStream(RowBinary row) {
      this.row = row;
    }

    @Override
    public void write(int b) {
      row.int8(b);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      row.raw(from, offset, length);
    }
  }
}
