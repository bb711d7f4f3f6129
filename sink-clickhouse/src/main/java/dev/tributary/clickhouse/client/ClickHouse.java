package dev.tributary.clickhouse.client;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientException;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.command.CommandSettings;
import com.clickhouse.client.api.enums.Protocol;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.types.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection pool to one server. Every call blocks until the server has answered or a timeout
 * fires, is made once (retries are the caller's), and throws unchecked exceptions for {@code
 * Faults} to classify. Used by one thread.
 */
public final class ClickHouse implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final Client client;
  private final InetSocketAddress address;
  private final String database;
  private final Duration timeout;
  private final Map<String, String> settings;

  public ClickHouse(SinkConfig config) {
    this(config, config.timeout());
  }

  /** With a timeout of its own, for a check that somebody waits for. */
  public ClickHouse(SinkConfig config, Duration timeout) {
    this.address = InetSocketAddress.createUnresolved(config.hostname(), config.port());
    this.database = config.database();
    this.timeout = timeout;
    this.settings = config.serverSettings();
    Duration connect = timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT;
    this.client =
        new Client.Builder()
            .addEndpoint(Protocol.HTTP, config.hostname(), config.port(), config.ssl())
            .setUsername(config.username())
            .setPassword(config.password())
            .setDefaultDatabase(config.database())
            .setConnectTimeout(connect.toMillis())
            .setConnectionRequestTimeout(timeout.toMillis(), ChronoUnit.MILLIS)
            .setSocketTimeout(timeout.toMillis())
            .setExecutionTimeout(timeout.toMillis(), ChronoUnit.MILLIS)
            .setMaxRetries(0)
            .retryOnFailures(ClientFaultCause.None)
            .compressClientRequest(true)
            .compressServerResponse(true)
            .useAsyncRequests(false)
            .setClientName("tributary")
            .build();
  }

  /** Writes an insert's rows. */
  @FunctionalInterface
  public interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The database that tables are in. */
  public String database() {
    return database;
  }

  /**
   * Looks whether something listens at the server's address. The client library logs a warning for
   * every connection that fails; a server that is away is better asked like this.
   *
   * @throws ConnectionInitiationException if nothing does
   */
  public void knock() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHostString(), address.getPort()),
          (int) CONNECT_TIMEOUT.toMillis());
    } catch (IOException e) {
      throw new ConnectionInitiationException("Nothing listens at " + address, e);
    }
  }

  /** Runs a statement that answers nothing. */
  public void execute(String sql) {
    close(await(client.execute(sql, new CommandSettings())));
  }

  /** Runs a query and reads all of its answer. */
  public List<GenericRecord> query(String sql) {
    return client.queryAll(sql);
  }

  /**
   * Inserts rows, which come in RowBinaryWithNamesAndTypes and are compressed with LZ4.
   *
   * @param columns their names
   * @param token names the insert for the table's deduplication window; null for none
   */
  public void insert(String table, List<String> columns, String token, Body body) {
    InsertSettings insert = new InsertSettings().setDatabase(database);
    // an answer must mean that the rows are in the table
    insert.serverSetting("async_insert", "0");
    settings.forEach(insert::serverSetting);
    if (token != null) {
      insert.setDeduplicationToken(token);
    }
    List<String> quoted = columns.stream().map(Sql::name).toList();
    close(
        await(
            client.insert(
                Sql.name(database, table),
                quoted,
                body::writeTo,
                ClickHouseFormat.RowBinaryWithNamesAndTypes,
                insert)));
  }

  /** Gives the connection back. */
  private static void close(AutoCloseable response) {
    try {
      response.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ClientException("The answer could not be closed", e);
    }
  }

  private <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new ClickHouseException("The request failed", e.getCause());
    } catch (TimeoutException e) {
      throw new ClickHouseException("No answer within " + timeout.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClickHouseException("Interrupted while waiting for ClickHouse", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
