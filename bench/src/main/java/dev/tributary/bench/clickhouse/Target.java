package dev.tributary.bench.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.data.ClickHouseFormat;
import dev.tributary.stack.ClickHouseServer;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;

/** A table on a server, and the plain client in front of it. */
final class Target implements AutoCloseable {
  private final ClickHouseServer server;
  private final Client client;
  private final String table;

  /** Makes the table. */
  Target(ClickHouseServer server, String table) throws Exception {
    this.server = server;
    this.table = table;
    this.client =
        new Client.Builder()
            .addEndpoint(server.httpUrl())
            .setUsername(server.user())
            .setPassword(server.password())
            .setDefaultDatabase(server.database())
            .compressClientRequest(true)
            .build();
    execute(
        "CREATE TABLE %s (%s) ENGINE = MergeTree ORDER BY (_topic, _partition, _offset)"
            .formatted(table, EventRows.COLUMNS));
  }

  /** The settings of a sink that writes into it. */
  Map<String, String> sinkConfig(int flushRows) {
    Map<String, String> config = new HashMap<>();
    config.put("name", "bench");
    config.put("hostname", server.host());
    config.put("port", Integer.toString(server.port()));
    config.put("ssl", "false");
    config.put("username", server.user());
    config.put("password", server.password());
    config.put("database", server.database());
    config.put("table", table);
    config.put("insert.mode", "append");
    config.put("flush.rows", Integer.toString(flushRows));
    config.put("flush.bytes", Long.toString(1L << 30));
    return config;
  }

  /** Inserts ready-made RowBinary. */
  void insert(byte[] rows) throws Exception {
    client
        .insert(
            table, new ByteArrayInputStream(rows), ClickHouseFormat.RowBinary, new InsertSettings())
        .get()
        .close();
  }

  long count() throws Exception {
    return client.queryAll("SELECT count() AS n FROM " + table).get(0).getLong("n");
  }

  void empty() throws Exception {
    execute("TRUNCATE TABLE " + table);
  }

  String version() {
    return client.queryAll("SELECT version() AS v").get(0).getString("v");
  }

  private void execute(String sql) throws Exception {
    client.execute(sql).get().close();
  }

  @Override
  public void close() {
    client.close();
  }
}
