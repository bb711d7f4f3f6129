package dev.tributary.bench.source;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Tables, changes and slots on the server, over one connection that does not wait for the disk. */
final class Database implements AutoCloseable {
  /** The publication of all tables. */
  static final String PUBLICATION = "bench";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Connection connection;

  Database(PostgresServer server) throws SQLException {
    connection = DriverManager.getConnection(server.jdbcUrl());
    execute("SET synchronous_commit = off");
    execute("CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES");
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Makes the table, with the rows that are there before the changes. */
  void prepare(Workload workload, int rows) throws SQLException {
    execute(workload.ddl());
    if (!workload.prepare().isEmpty()) {
      execute(workload.prepare().formatted(rows));
    }
  }

  /** Makes the changes, on the server alone. */
  void change(Workload workload, int rows) throws SQLException {
    int each = workload.rowsPerTransaction() == 0 ? rows : workload.rowsPerTransaction();
    execute(
        """
        DO $$ BEGIN
          FOR n IN 0 .. %1$d / %2$d - 1 LOOP
            EXECUTE '%3$s' USING n * %2$d + 1, (n + 1) * %2$d;
            COMMIT;
          END LOOP;
        END $$"""
            .formatted(rows, each, workload.change().replace("'", "''")));
    execute("CHECKPOINT"); // or the server writes pages while others are measured
  }

  void createSlot(String name) throws SQLException {
    execute("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(name));
  }

  /** A second slot at the first one's position. */
  void copySlot(String from, String to) throws SQLException {
    execute("SELECT pg_copy_logical_replication_slot('%s', '%s')".formatted(from, to));
  }

  /** Waits until nobody uses the slot, and drops it; it is no error if there is none. */
  void dropSlot(String name) {
    Await.until(
        "slot " + name + " to be free",
        PATIENCE,
        () -> {
          execute(
              "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '%s'"
                  .formatted(name));
          return true;
        });
  }

  /** How many messages the server decodes, without sending them anywhere. */
  long decode(String slot) throws SQLException {
    String options = "'proto_version', '1', 'publication_names', '" + PUBLICATION + "'";
    return Long.parseLong(
        text(
            "SELECT count(*) FROM pg_logical_slot_peek_binary_changes('%s', NULL, NULL, %s)"
                .formatted(slot, options)));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
