package dev.tributary.clickhouse;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server for a class of tests, and a new, empty database for each of them. */
final class TestDatabase implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  private TestServer server;
  private String name;
  private Map<String, String> settings;

  @Override
  public void beforeAll(ExtensionContext context) {
    server = new TestServer();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    name = server.newDatabase();
    settings = new HashMap<>(server.settings(name));
    settings.put(SinkConfig.FLUSH_MS, "1");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.close();
  }

  /** The settings that reach the database and insert at once, to be changed at will. */
  Map<String, String> settings() {
    return settings;
  }

  String name() {
    return name;
  }

  void execute(String sql) {
    server.execute(name, sql);
  }

  /** The rows of a query, their values as ClickHouse's {@code toString} shows them. */
  List<String> query(String columns, String rest) {
    return server.query(name, columns, rest);
  }

  /** How many rows a table has, and how many of them are different in these columns. */
  String counts(String table, String columns) {
    return query("count(),uniqExact(" + columns + ")", "FROM " + table).get(0);
  }
}
