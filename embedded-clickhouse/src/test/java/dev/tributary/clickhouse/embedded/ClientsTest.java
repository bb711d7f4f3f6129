package dev.tributary.clickhouse.embedded;

import static dev.tributary.clickhouse.embedded.TestEngine.newName;
import static dev.tributary.clickhouse.embedded.TestEngine.newTable;
import static dev.tributary.clickhouse.embedded.TestEngine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The unmodified clients of ClickHouse, with default settings unless a test says otherwise. */
@SuppressWarnings("try") // QueryResponse.close() is declared to throw everything
class ClientsTest {

  @Test
  void clientInsertsAndReads() throws Exception {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");
    try (Client client = client().build()) {
      assertThat(client.ping()).isTrue();
      byte[] rows = InsertTest.binaryRows(1000);
      try (InsertResponse inserted =
          client
              .insert(table, new ByteArrayInputStream(rows), ClickHouseFormat.RowBinary)
              .get(30, TimeUnit.SECONDS)) {
        assertThat(inserted.getWrittenRows()).isEqualTo(1000);
      }
      try (QueryResponse response =
          client.query("SELECT * FROM " + table + " ORDER BY a").get(30, TimeUnit.SECONDS)) {
        ClickHouseBinaryFormatReader reader = client.newBinaryFormatReader(response);
        int count = 0;
        while (reader.next() != null) {
          assertThat(reader.getLong("a")).isEqualTo(count);
          count++;
        }
        assertThat(count).isEqualTo(1000);
      }
    }
  }

  @Test
  void clientReadsAMillionRows() throws Exception {
    try (Client client = client().build();
        QueryResponse response =
            client
                .query("SELECT number, toString(number) FROM numbers(1000000)")
                .get(60, TimeUnit.SECONDS)) {
      ClickHouseBinaryFormatReader reader = client.newBinaryFormatReader(response);
      long count = 0;
      long sum = 0;
      while (reader.next() != null) {
        count++;
        sum += reader.getLong(1);
      }
      assertThat(count).isEqualTo(1_000_000);
      assertThat(sum).isEqualTo(499_999_500_000L);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, false, 300000", // ClickHouse's frames both ways
    "false, false, false, 300000",
    "true, true, true, 5000", // HTTP's own compression both ways, which the client does slowly
  })
  void clientCompressesAsItLikes(boolean response, boolean request, boolean http, int count)
      throws Exception {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");
    try (Client client =
        client()
            .compressServerResponse(response)
            .compressClientRequest(request)
            .useHttpCompression(http)
            .build()) {
      byte[] rows = InsertTest.binaryRows(count);
      try (InsertResponse inserted =
          client
              .insert(table, new ByteArrayInputStream(rows), ClickHouseFormat.RowBinary)
              .get(60, TimeUnit.SECONDS)) {
        assertThat(inserted.getWrittenRows()).isEqualTo(count);
      }

      List<GenericRecord> sums = client.queryAll("SELECT count() AS c, sum(a) AS s FROM " + table);

      assertThat(sums.get(0).getLong("c")).isEqualTo(count);
      assertThat(sums.get(0).getLong("s")).isEqualTo(count * (count - 1L) / 2);
      Throwable error = catchThrowable(() -> client.queryAll("SELECT * FROM not_there"));
      assertThat(error).hasRootCauseInstanceOf(ServerException.class);
      assertThat(error.getCause())
          .hasMessageContaining("not_there")
          .hasMessageContaining("Code: 60.");
    }
  }

  @Test
  void clientWritesObjectsWithTheTablesSchema() throws Exception {
    String table = newTable("id UInt64, name String, at DateTime64(3)", "MergeTree ORDER BY id");
    try (Client client = client().build()) {
      TableSchema schema = client.getTableSchema(table);
      client.register(Row.class, schema);
      client
          .insert(table, List.of(new Row(1, "one"), new Row(2, "two")))
          .get(30, TimeUnit.SECONDS)
          .close();

      assertThat(run("SELECT id, name FROM " + table + " ORDER BY id")).isEqualTo("1\tone\n2\ttwo");
    }
  }

  @Test
  void clientSendsSettingsParametersAndDatabase() throws Exception {
    String database = newName();
    run("CREATE DATABASE " + database);
    try (Client client = client().setDefaultDatabase(database).build()) {
      QuerySettings settings = new QuerySettings();
      settings.serverSetting("max_block_size", "55").setQueryId("client-" + database);
      try (QueryResponse response =
          client
              .query(
                  "SELECT currentDatabase() AS d, getSetting('max_block_size') AS b, {p:String} AS p",
                  Map.of("p", "it's"),
                  settings)
              .get(30, TimeUnit.SECONDS)) {
        ClickHouseBinaryFormatReader reader = client.newBinaryFormatReader(response);
        reader.next();
        assertThat(reader.getString("d")).isEqualTo(database);
        assertThat(reader.getLong("b")).isEqualTo(55);
        assertThat(reader.getString("p")).isEqualTo("it's");
        assertThat(response.getQueryId()).isEqualTo("client-" + database);
      }
    }
  }

  @Test
  void clientDeduplicatesByToken() throws Exception {
    String table =
        newTable(
            "a UInt64", "MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 10");
    try (Client client = client().build()) {
      for (int i = 0; i < 3; i++) {
        client
            .insert(
                table,
                new ByteArrayInputStream("{\"a\":1}".getBytes(StandardCharsets.UTF_8)),
                ClickHouseFormat.JSONEachRow,
                new InsertSettings().setDeduplicationToken("token"))
            .get(30, TimeUnit.SECONDS)
            .close();
      }
    }
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("1");
  }

  @Test
  void clientIsToldThatItsPasswordIsWrong() {
    try (Client client = client().setPassword("wrong").build()) {
      Throwable error = catchThrowable(() -> client.queryAll("SELECT 1"));

      assertThat(error).hasRootCauseInstanceOf(ServerException.class);
      assertThat(error.getCause()).hasMessageContaining("Code: 516.");
    }
  }

  @Test
  void jdbcCreatesInsertsInBatchesAndReads() throws Exception {
    String table = newName();
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + table
              + " (id UInt64, name Nullable(String), at DateTime64(3)) ENGINE = MergeTree ORDER BY id");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?)")) {
        for (int i = 0; i < 500; i++) {
          insert.setLong(1, i);
          insert.setString(2, i % 2 == 0 ? "it's " + i : null);
          insert.setObject(3, LocalDateTime.of(2026, 1, 2, 3, 4, 5));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT id, name, at FROM " + table + " WHERE id >= ? ORDER BY id LIMIT 2")) {
        select.setLong(1, 8);
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString("name")).isEqualTo("it's 8");
          assertThat(rows.getObject("at", LocalDateTime.class))
              .isEqualTo(LocalDateTime.of(2026, 1, 2, 3, 4, 5));
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString("name")).isNull();
        }
      }
      assertThat(connection.getMetaData().getColumns(null, "default", table, "%").next()).isTrue();
      assertThat(statement.executeUpdate("INSERT INTO " + table + " VALUES (1000, 'x', now())"))
          .isEqualTo(1);
    }
  }

  @Test
  void jdbcReportsErrorsWithTheirCodes() throws Exception {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement()) {
      Throwable error = catchThrowable(() -> statement.executeQuery("SELECT nope"));

      assertThat(error)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("Code: 47.")
          .hasMessageContaining("nope");
    }
  }

  private static Client.Builder client() {
    return new Client.Builder()
        .addEndpoint(TestEngine.shared().url())
        .setUsername("default")
        .setPassword("");
  }

  private static String jdbcUrl() {
    return "jdbc:clickhouse://127.0.0.1:" + TestEngine.shared().port() + "/default";
  }

  /** What clients write as one row. */
  public static final class Row {
    private final long id;
    private final String name;

    Row(long id, String name) {
      this.id = id;
      this.name = name;
    }

    public long getId() {
      return id;
    }

    public String getName() {
      return name;
    }

    public LocalDateTime getAt() {
      return LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    }
  }
}
