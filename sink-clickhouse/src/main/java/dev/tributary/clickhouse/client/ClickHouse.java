package dev.tributary.clickhouse.client;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.command.CommandSettings;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import dev.tributary.clickhouse.config.Endpoint;
import dev.tributary.clickhouse.config.SinkConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The connections to ClickHouse. Every request is made once (retries are the caller's), by a thread
 * of its own; {@link Pending} waits for it. What fails throws unchecked exceptions for {@code
 * Faults} to classify.
 *
 * <p>The client library's own timeouts do not cover a server that stops reading, and its futures
 * come back late: here a request that makes no progress for the timeout is given up by closing all
 * connections, which ends every thread that hangs in one. Requests that were under way beside it
 * fail as if cut, and are tried again.
 *
 * <p>Used by one thread.
 */
public final class ClickHouse implements AutoCloseable {
  /** What the sink itself sets for inserts, whatever else is set. */
  public static final Map<String, String> OWN_SETTINGS =
      Map.of(
          // an answer must mean that the rows are in the table
          "async_insert", "0",
          // rows that go through a SELECT make one block, as rows that do not
          "min_insert_block_size_rows", "1048449",
          "min_insert_block_size_bytes", "0",
          "max_insert_threads", "1");

  private final Connections connections;
  private final Duration timeout;
  private final Map<String, String> settings;
  private final boolean proxied;
  private final ExecutorService threads;
  private Client client;

  public ClickHouse(SinkConfig config) {
    this(config, config.timeout());
  }

  /** With a timeout of its own, for a check that somebody waits for. */
  public ClickHouse(SinkConfig config, Duration timeout) {
    this.connections = new Connections(config, timeout);
    this.timeout = timeout;
    this.settings = config.serverSettings();
    this.proxied = config.proxied();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "clickhouse-request");
              thread.setDaemon(true);
              return thread;
            });
    this.client = connections.connect();
  }

  /** Writes an insert's rows. */
  @FunctionalInterface
  public interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Looks whether something listens at the server's address. The client library logs a warning for
   * every connection that fails; a server that is away is better asked like this. A proxy alone
   * knows whether the server behind it is there.
   *
   * @throws ConnectionInitiationException if nothing does
   */
  public void knock() {
    if (proxied) {
      return;
    }
    Endpoint endpoint = connections.endpoint();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(endpoint.host(), endpoint.port()),
          (int) Connections.CONNECT_TIMEOUT.toMillis());
    } catch (IOException e) {
      throw new ConnectionInitiationException("Nothing listens at " + endpoint, e);
    }
  }

  /** Asks another server from now on, if there is one. */
  public void turnToNext() {
    if (connections.next()) {
      reconnect();
    }
  }

  /** Runs a statement that answers nothing. */
  public void execute(String sql) {
    run(
        now -> {
          now.execute(sql, new CommandSettings()).get().close();
          return null;
        });
  }

  /** Runs a query and reads all of its answer. */
  public List<GenericRecord> query(String sql) {
    return run(now -> now.queryAll(sql));
  }

  /**
   * Begins to insert rows, which come in RowBinaryWithNamesAndTypes and are compressed with LZ4.
   *
   * @param statement everything between INSERT INTO and FORMAT
   * @param token names the insert for the table's deduplication window; null for none
   * @param jsonAsText whether JSON columns come as text
   */
  public Pending begin(String statement, String token, boolean jsonAsText, Body body) {
    InsertSettings insert = new InsertSettings();
    settings.forEach(insert::serverSetting);
    OWN_SETTINGS.forEach(insert::serverSetting);
    if (jsonAsText) {
      insert.serverSetting("input_format_binary_read_json_as_string", "1");
    }
    if (token != null) {
      insert.setDeduplicationToken(token);
      // a repetition that the table drops is for views that have not got it
      insert.serverSetting("deduplicate_blocks_in_dependent_materialized_views", "1");
    }
    Pending pending = new Pending(timeout, this::reconnect);
    Client now = client;
    return pending.start(
        submit(
            () -> {
              // the client library puts the statement together; the whole of it fits in there
              try (InsertResponse answer =
                  now.insert(
                          statement,
                          out -> body.writeTo(pending.watched(out)),
                          ClickHouseFormat.RowBinaryWithNamesAndTypes,
                          insert)
                      .get()) {
                pending.wrote(answer.getWrittenRows());
                return null;
              }
            }));
  }

  @FunctionalInterface
  private interface Request<T> {
    T run(Client client) throws Exception;
  }

  private <T> T run(Request<T> request) {
    Client now = client;
    Answer<T> answer = new Answer<>();
    new Pending(timeout, this::reconnect)
        .start(
            submit(
                () -> {
                  answer.value = request.run(now);
                  return null;
                }))
        .await();
    return answer.value;
  }

  private static final class Answer<T> {
    private T value;
  }

  private Future<?> submit(Callable<?> call) {
    return threads.submit(call);
  }

  /** Closes every connection, whatever is under way, and begins anew. */
  private void reconnect() {
    client.close();
    client = connections.connect();
  }

  @Override
  public void close() {
    client.close();
    threads.shutdownNow();
  }
}
