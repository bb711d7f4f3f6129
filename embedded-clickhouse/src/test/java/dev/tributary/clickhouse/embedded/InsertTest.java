package dev.tributary.clickhouse.embedded;

import static dev.tributary.clickhouse.embedded.TestEngine.encoded;
import static dev.tributary.clickhouse.embedded.TestEngine.header;
import static dev.tributary.clickhouse.embedded.TestEngine.newTable;
import static dev.tributary.clickhouse.embedded.TestEngine.post;
import static dev.tributary.clickhouse.embedded.TestEngine.request;
import static dev.tributary.clickhouse.embedded.TestEngine.run;
import static dev.tributary.clickhouse.embedded.TestEngine.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsertTest {

  private static final int MILLION = 1_000_000;

  @Test
  void takesAMillionBinaryRows() {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");

    HttpResponse<String> response = insert(table, "RowBinary", binaryRows(MILLION));

    assertThat(response.body()).isEmpty();
    assertThat(header(response, "X-ClickHouse-Summary")).contains("\"written_rows\":\"1000000\"");
    assertThat(run("SELECT count(), uniqExact(a), sum(a), sum(b), any(s) FROM " + table))
        .isEqualTo("1000000\t1000000\t499999500000\t250000000000\trow");
    // One block, one part, as a server makes of it.
    assertThat(run("SELECT count() FROM system.parts WHERE active AND table = '" + table + "'"))
        .isEqualTo("1");
  }

  @Test
  void readsManyRowsThroughInputAsOnePart() {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");

    HttpResponse<String> response =
        send(
            request(
                    "query="
                        + encoded(
                            "INSERT INTO "
                                + table
                                + " (a, b, s) SELECT a, b, s FROM input('a UInt64, b Float64, s"
                                + " String') WHERE a % 2 = 0 FORMAT RowBinary"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(binaryRows(600_000)))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.body()).isEmpty();
    assertThat(run("SELECT count(), max(a) FROM " + table)).isEqualTo("300000\t599998");
    assertThat(run("SELECT count() FROM system.parts WHERE active AND table = '" + table + "'"))
        .isEqualTo("1");
  }

  @Test
  void takesChunkedBodies() {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");
    byte[] rows = binaryRows(200_000);

    HttpResponse<String> response =
        send(
            request("query=" + encoded("INSERT INTO " + table + " FORMAT RowBinary"))
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(rows)))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.body()).isEmpty();
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("200000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RowBinary",
        "RowBinaryWithNamesAndTypes",
        "Native",
        "JSONEachRow",
        "CSV",
        "CSVWithNames",
        "TabSeparated",
        "Values",
        "Parquet"
      })
  void takesBackWhatItGave(String format) {
    String columns =
        "a UInt64, d Decimal(18, 4), t DateTime64(6, 'UTC'), u UUID, n Nullable(Int32),"
            + " l Array(String), m Map(String, UInt8), s LowCardinality(String)";
    String source = newTable(columns, "MergeTree ORDER BY a");
    String target = newTable(columns, "MergeTree ORDER BY a");
    run(
        "INSERT INTO "
            + source
            + " SELECT number, number / 16, toDateTime64('2026-01-02 03:04:05.678901', 6, 'UTC')"
            + " + number, generateUUIDv4(), if(number % 3 = 0, NULL, -number),"
            + " ['it\\'s', '\\\\', '\\n\\t', toString(number)], map('k', number % 256),"
            + " toString(number % 7) FROM numbers(10000)");

    HttpResponse<byte[]> rows =
        send(
            request("default_format=" + format)
                .POST(
                    HttpRequest.BodyPublishers.ofString("SELECT * FROM " + source + " ORDER BY a"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    HttpResponse<String> response = insert(target, format, rows.body());

    assertThat(response.body()).isEmpty();
    assertThat(run("SELECT count() FROM " + target)).isEqualTo("10000");
    String sum = "SELECT sum(cityHash64(*)) FROM ";
    assertThat(run(sum + target)).isEqualTo(run(sum + source));
  }

  @Test
  void fillsInDefaults() {
    String table =
        newTable(
            "a UInt32, s String DEFAULT concat('d', toString(a)), m UInt32 MATERIALIZED a * 2",
            "MergeTree ORDER BY a");

    post("", "INSERT INTO " + table + " FORMAT JSONEachRow {\"a\":1} {\"a\":2,\"s\":\"given\"}");
    insert(table, "RowBinaryWithDefaults", new byte[] {0, 3, 0, 0, 0, 1, 0, 4, 0, 0, 0, 0, 1, 'x'});
    post("query=" + encoded("INSERT INTO " + table + " (a) VALUES"), "(5), (2 * {n:UInt8})");
    post("param_n=3", "INSERT INTO " + table + " (a) VALUES (2 * {n:UInt8})");
    post("", "INSERT INTO " + table + " VALUES (7, DEFAULT)");

    assertThat(run("SELECT a, s, m FROM " + table + " ORDER BY a"))
        .isEqualTo("1\td1\t2\n2\tgiven\t4\n3\td3\t6\n4\tx\t8\n6\td6\t12\n7\td7\t14");
  }

  @Test
  void takesValuesWithExpressionsAndOddNames() {
    String table = newTable("a UInt32, `values` String", "MergeTree ORDER BY a");

    run("INSERT INTO " + table + " (a, `values`) VALUES (1, upper('q')), (1 + 1, ';')\n;");
    run("/* x */ INSERT INTO `default`." + table + "(a, `values`) FORMAT CSV\n3,\"FORMAT\"\n");

    assertThat(run("SELECT * FROM " + table + " ORDER BY a")).isEqualTo("1\tQ\n2\t;\n3\tFORMAT");
  }

  @Test
  void takesALongListOfValues() {
    String table = newTable("a UInt32, s String", "MergeTree ORDER BY a");
    StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES ");
    for (int i = 0; i < 300_000; i++) {
      sql.append(i == 0 ? "" : ",").append('(').append(i).append(",'it\\'s;')");
    }

    HttpResponse<String> response = post("", sql.toString());

    assertThat(header(response, "X-ClickHouse-Summary")).contains("\"written_rows\":\"300000\"");
    assertThat(run("SELECT count(), any(s) FROM " + table)).isEqualTo("300000\tit\\'s;");
  }

  @Test
  void writesNothingOfABlockWithABadRow() {
    String table = newTable("a UInt64, b Float64, s String", "MergeTree ORDER BY a");
    byte[] rows = binaryRows(300_000);

    HttpResponse<String> cut = insert(table, "RowBinary", Arrays.copyOf(rows, rows.length - 3));
    HttpResponse<String> bad = post("", "INSERT INTO " + table + " FORMAT CSV\n1,2,x\n1,bad,x\n");

    assertThat(header(cut, "X-ClickHouse-Exception-Code")).isEqualTo("33");
    assertThat(header(bad, "X-ClickHouse-Exception-Code")).isEqualTo("27");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).doesNotContain("spool").doesNotContain("file");
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("0");
  }

  @Test
  void insertsNothingFromAnEmptyBody() {
    String table = newTable("a UInt64", "MergeTree ORDER BY a");

    assertThat(insert(table, "RowBinary", new byte[0]).statusCode()).isEqualTo(200);
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("0");
  }

  @Test
  void dropsABlockWithAKnownDeduplicationToken() {
    String table =
        newTable(
            "a UInt64", "MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100");
    String insert = "INSERT INTO " + table + " FORMAT JSONEachRow {\"a\":1}";

    post("insert_deduplication_token=one", insert);
    post("insert_deduplication_token=one", insert);
    post("insert_deduplication_token=two", insert);
    post("", insert.replace("FORMAT", "SETTINGS insert_deduplication_token = 'two' FORMAT"));

    assertThat(run("SELECT count() FROM " + table)).isEqualTo("2");
  }

  @Test
  void showsAnAsynchronousInsertOnceItIsAnswered() {
    String table = newTable("a UInt64", "MergeTree ORDER BY a");

    post("async_insert=1&wait_for_async_insert=1", "INSERT INTO " + table + " VALUES (1)");

    assertThat(run("SELECT count() FROM " + table)).isEqualTo("1");
  }

  @Test
  void keepsTheLatestVersionOfAReplacingTable() {
    String table =
        newTable(
            "k UInt64, v String, _version UInt64, _deleted UInt8",
            "ReplacingMergeTree(_version, _deleted) ORDER BY k");

    run("INSERT INTO " + table + " VALUES (1,'a',1,0), (2,'b',1,0)");
    run("INSERT INTO " + table + " VALUES (1,'c',2,0), (2,'b',2,1)");

    assertThat(run("SELECT k, v FROM " + table + " FINAL")).isEqualTo("1\tc");
  }

  static HttpResponse<String> insert(String table, String format, byte[] rows) {
    return post("query=" + encoded("INSERT INTO " + table + " FORMAT " + format), rows);
  }

  static byte[] binaryRows(int count) {
    ByteBuffer rows = ByteBuffer.allocate(count * 20).order(ByteOrder.LITTLE_ENDIAN);
    byte[] text = "row".getBytes(StandardCharsets.UTF_8);
    for (long i = 0; i < count; i++) {
      rows.putLong(i).putDouble(i % 2 == 0 ? 0 : 500_000).put((byte) text.length).put(text);
    }
    return rows.array();
  }
}
