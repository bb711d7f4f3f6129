package dev.tributary.clickhouse;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.stack.ClickHouseServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The server under test, with a database for every test, and SQL against it. */
final class TestServer implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final ClickHouseServer engine = ClickHouseServer.start();

  /** A new, empty database. */
  String newDatabase() {
    String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    execute(engine.database(), "CREATE DATABASE " + name);
    return name;
  }

  /** The settings that reach a database, to add others to. */
  Map<String, String> settings(String database) {
    Map<String, String> settings = new HashMap<>();
    settings.put("name", "test");
    settings.put("topics", "t");
    settings.put(SinkConfig.HOSTNAME, engine.host());
    settings.put(SinkConfig.PORT, String.valueOf(engine.port()));
    settings.put(SinkConfig.USERNAME, engine.user());
    settings.put(SinkConfig.PASSWORD, engine.password());
    settings.put(SinkConfig.SSL, "false");
    settings.put(SinkConfig.DATABASE, database);
    settings.put(SinkConfig.RETRY_BACKOFF_MS, "10");
    settings.put(SinkConfig.RETRY_BACKOFF_MAX_MS, "100");
    return settings;
  }

  void execute(String database, String sql) {
    try (ClickHouse client = new ClickHouse(new SinkConfig(settings(database)))) {
      client.execute(sql);
    }
  }

  /** The rows of a query, their values as ClickHouse's {@code toString} shows them. */
  List<String> query(String database, String columns, String rest) {
    String shown =
        List.of(columns.split(",(?![^(]*\\))")).stream()
            .map(column -> "if(isNull(" + column + "), 'NULL', toString(" + column + "))")
            .collect(Collectors.joining(", '|', "));
    String sql = "SELECT concat('', " + shown + ") AS row " + rest;
    try (ClickHouse client = new ClickHouse(new SinkConfig(settings(database)))) {
      return client.query(sql).stream().map(row -> row.getString("row")).toList();
    }
  }

  List<GenericRecord> records(String database, String sql) {
    try (ClickHouse client = new ClickHouse(new SinkConfig(settings(database)))) {
      return client.query(sql);
    }
  }

  /** Whether it can be killed and restarted: not so a server that was given by address. */
  boolean restartable() {
    return engine.restartable();
  }

  /** Ends the engine as a crash does. */
  void kill() {
    engine.kill();
  }

  /** Starts it again on the same port and data. */
  void restart() {
    engine.restart();
  }

  @Override
  public void close() {
    engine.close();
  }
}
