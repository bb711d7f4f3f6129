package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.config.SinkConfig;

/**
 * When rows are inserted, as a config says; every record is measured by them.
 *
 * @param rows that are enough for an insert
 * @param mostRows of one insert, which more than enough of them can come together to
 * @param bytes that are held in memory
 * @param afterNanos which rows are inserted, however few
 * @param inserts under way at once
 */
record FlushLimits(int rows, int mostRows, long bytes, long afterNanos, int inserts) {

  static FlushLimits of(SinkConfig config) {
    return new FlushLimits(
        config.flushRows(),
        config.mostRows(),
        config.flushBytes(),
        config.flushAfter().toNanos(),
        config.insertThreads());
  }
}
