package dev.tributary.clickhouse.embedded;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** One connection to the engine, with its own settings. For one thread at a time. */
final class Session implements AutoCloseable {

  private static final int COPY_BYTES = 1 << 17;

  private final ChdbLibrary library;
  private final Pointer handle;

  Session(ChdbLibrary library, Pointer handle) {
    this.library = library;
    this.handle = handle;
  }

  /** Runs a statement whose output nobody needs. */
  void execute(String sql) throws EngineException {
    query(sql, "Null").close();
  }

  Result query(String sql, String format) throws EngineException {
    return query(Engine.utf8(sql), format);
  }

  /**
   * Runs one statement to its end.
   *
   * @param format the output format where the statement names none
   * @return the whole output, which stays in native memory until closed
   */
  Result query(byte[] sql, String format) throws EngineException {
    byte[] formatName = Engine.utf8(format);
    Pointer result =
        library.chdb_query_n(handle.getPointer(0), sql, sql.length, formatName, formatName.length);
    Pointer error = library.chdb_result_error(result);
    if (error != null) {
      String text = error.getString(0, StandardCharsets.UTF_8.name());
      library.chdb_destroy_query_result(result);
      throw EngineException.parse(text);
    }
    return new Result(library, result);
  }

  @Override
  public void close() {
    library.chdb_close_conn(handle);
  }

  /** The output of one statement, and what it did. */
  static final class Result implements AutoCloseable {

    private final ChdbLibrary library;
    private final Pointer handle;

    private Result(ChdbLibrary library, Pointer handle) {
      this.library = library;
      this.handle = handle;
    }

    long length() {
      return library.chdb_result_length(handle);
    }

    void writeTo(OutputStream out) throws IOException {
      long length = length();
      Pointer buffer = library.chdb_result_buffer(handle);
      byte[] copy = new byte[(int) Math.min(COPY_BYTES, length)];
      for (long offset = 0; offset < length; offset += copy.length) {
        int count = (int) Math.min(copy.length, length - offset);
        buffer.read(offset, copy, 0, count);
        out.write(copy, 0, count);
      }
    }

    String text() {
      return length() == 0
          ? ""
          : new String(
              library.chdb_result_buffer(handle).getByteArray(0, Math.toIntExact(length())),
              StandardCharsets.UTF_8);
    }

    /** The JSON of the header X-ClickHouse-Summary, which counts in strings. */
    String summary() {
      long written = library.chdb_result_rows_written(handle);
      long writtenBytes = library.chdb_result_bytes_written(handle);
      // An INSERT reads what it writes, as the server counts it; the library leaves that out where
      // the rows come from a file.
      return "{\"read_rows\":\"%d\",\"read_bytes\":\"%d\",\"written_rows\":\"%d\",\"written_bytes\":\"%d\",\"total_rows_to_read\":\"0\",\"result_rows\":\"%d\",\"result_bytes\":\"%d\",\"elapsed_ns\":\"%d\"}"
          .formatted(
              Math.max(library.chdb_result_storage_rows_read(handle), written),
              Math.max(library.chdb_result_storage_bytes_read(handle), writtenBytes),
              written,
              writtenBytes,
              written > 0 ? written : library.chdb_result_rows_read(handle),
              written > 0 ? writtenBytes : length(),
              (long) (library.chdb_result_elapsed(handle) * 1e9));
    }

    @Override
    public void close() {
      library.chdb_destroy_query_result(handle);
    }
  }
}
