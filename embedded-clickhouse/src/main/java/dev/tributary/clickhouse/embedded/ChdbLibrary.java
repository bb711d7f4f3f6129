package dev.tributary.clickhouse.embedded;

import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * The functions of libchdb that are used here; names, order and meaning are those of chdb.h.
 *
 * <p>A connection is a session (settings, current database, query parameters) and runs one
 * statement at a time; any number of connections to one data path run side by side.
 */
interface ChdbLibrary extends Library {

  /**
   * With 0: keeps the engine from taking over SIGSEGV. To be called before the first connection.
   */
  void chdb_set_signal_handlers_enabled(int enabled);

  /** Gives a pointer to the connection, or null when the engine could not start. */
  Pointer chdb_connect(int count, String[] arguments);

  void chdb_close_conn(Pointer connection);

  /** Binary-safe; the result, never null, must be destroyed. */
  Pointer chdb_query_n(
      Pointer connection, byte[] query, long queryLength, byte[] format, long formatLength);

  Pointer chdb_result_buffer(Pointer result);

  long chdb_result_length(Pointer result);

  double chdb_result_elapsed(Pointer result);

  long chdb_result_rows_read(Pointer result);

  long chdb_result_storage_rows_read(Pointer result);

  long chdb_result_storage_bytes_read(Pointer result);

  long chdb_result_rows_written(Pointer result);

  long chdb_result_bytes_written(Pointer result);

  /** Null where the query succeeded. */
  Pointer chdb_result_error(Pointer result);

  void chdb_destroy_query_result(Pointer result);
}
