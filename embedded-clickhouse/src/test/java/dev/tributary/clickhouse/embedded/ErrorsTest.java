package dev.tributary.clickhouse.embedded;

import static dev.tributary.clickhouse.embedded.TestEngine.header;
import static dev.tributary.clickhouse.embedded.TestEngine.newTable;
import static dev.tributary.clickhouse.embedded.TestEngine.post;
import static dev.tributary.clickhouse.embedded.TestEngine.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "60 | 404 | UNKNOWN_TABLE | SELECT * FROM not_there",
        "60 | 404 | UNKNOWN_TABLE | INSERT INTO not_there VALUES (1)",
        "81 | 404 | UNKNOWN_DATABASE | SELECT * FROM not_there.t",
        "47 | 404 | UNKNOWN_IDENTIFIER | SELECT not_there",
        "46 | 404 | UNKNOWN_FUNCTION | SELECT not_there(1)",
        "62 | 400 | SYNTAX_ERROR | SELEC 1",
        "62 | 400 | SYNTAX_ERROR | 1 + 1",
        "62 | 400 | SYNTAX_ERROR | SELECT 1; SELECT 2",
        "62 | 400 | SYNTAX_ERROR | /* nothing */",
        "115 | 404 | UNKNOWN_SETTING | SELECT 1 SETTINGS not_there = 1",
        "73 | 404 | UNKNOWN_FORMAT | SELECT 1 FORMAT NotThere",
        "50 | 404 | UNKNOWN_TYPE | CREATE TABLE x (a NotThere) ENGINE = Memory",
        "56 | 404 | UNKNOWN_STORAGE | CREATE TABLE x (a Int8) ENGINE = NotThere",
        "82 | 500 | DATABASE_ALREADY_EXISTS | CREATE DATABASE system",
        "6 | 400 | CANNOT_PARSE_TEXT | SELECT toUInt8('x')",
        "53 | 400 | TYPE_MISMATCH | SELECT CAST(tuple(1) AS Array(Int8))",
        "43 | 500 | ILLEGAL_TYPE_OF_ARGUMENT | SELECT 1 + 'x'",
        "395 | 500 | FUNCTION_THROW_IF_VALUE_IS_NON_ZERO | SELECT throwIf(1)",
        "241 | 500 | MEMORY_LIMIT_EXCEEDED | SELECT groupArray(number) FROM numbers(10000000) SETTINGS max_memory_usage = 10000000",
        "159 | 408 | TIMEOUT_EXCEEDED | SELECT sleep(3) SETTINGS max_execution_time = 1",
        "48 | 501 | NOT_IMPLEMENTED | INSERT INTO t SELECT * FROM input('a' || ' Int8') FORMAT CSV 1",
      })
  void answersWithTheServersCodeAndStatus(int code, int status, String name, String sql) {
    HttpResponse<String> response = post("", sql);

    assertThat(response.body())
        .startsWith("Code: " + code + ". DB::Exception: ")
        .contains(". (" + name + ") (version 26.")
        .endsWith(" (official build))\n");
    assertThat(response.body().split("DB::Exception", -1)).hasSize(2);
    assertThat(header(response, "X-ClickHouse-Exception-Code")).isEqualTo("" + code);
    assertThat(response.statusCode()).isEqualTo(status);
  }

  @Test
  void refusesUnknownSettingsAndBadValuesInTheAddress() {
    assertThat(post("not_there=1", "SELECT 1").body())
        .isEqualTo(
            "Code: 115. DB::Exception: Unknown setting 'not_there'. (UNKNOWN_SETTING)"
                + " (version 26.5.1.1 (official build))\n");
    assertThat(post("a-b=1", "SELECT 1").statusCode()).isEqualTo(404);
    assertThat(post("max_threads=many", "SELECT 1").statusCode()).isEqualTo(400);
  }

  @Test
  void namesTheColumnThatDoesNotFit() {
    String table = newTable("a UInt32", "MergeTree ORDER BY a");

    assertThat(post("", "INSERT INTO " + table + " (b) VALUES (1)").body())
        .startsWith("Code: 16.")
        .contains("No such column b");
    assertThat(post("", "INSERT INTO " + table + " VALUES ('x')").statusCode()).isEqualTo(400);
    assertThat(post("", "INSERT INTO " + table + " VALUES (1); SELECT 1").body())
        .startsWith("Code: 33.");
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("0");
  }

  @Test
  void refusesStatementsWithoutEnd() {
    byte[] text = new byte[66 << 20];
    Arrays.fill(text, (byte) ' ');
    System.arraycopy("SELECT 1".getBytes(StandardCharsets.UTF_8), 0, text, 0, 8);

    assertThat(post("", text).statusCode()).isEqualTo(413);
    assertThat(post("", "SELECT 1" + " ".repeat(300_000) + ", 2").body()).startsWith("Code: 62.");
  }

  @Test
  void refusesAQueryIdThatIsRunning() throws Exception {
    // runs for longer than the test may take; nobody waits for its end
    new Background(
        () ->
            post(
                "query_id=twice&max_block_size=1",
                "SELECT sleepEachRow(1) FROM numbers(120) FORMAT Null"));
    Background.await(
        () ->
            run("SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleepEachRow%'")
                .equals("1"));

    HttpResponse<String> second = post("query_id=twice", "SELECT 1");

    assertThat(second.body()).startsWith("Code: 216. DB::Exception: ");
  }

  @Test
  void takesAQueryIdAgainOnceItsQueryHasEnded() throws Exception {
    assertThat(post("query_id=again", "SELECT 1").statusCode()).isEqualTo(200);
    // as with a server, the answer may be there a moment before the id is free
    Background.await(() -> post("query_id=again", "SELECT 1").statusCode() == 200);
  }

  @Test
  void standsAThousandFailingQueries() {
    String table = newTable("a UInt32", "MergeTree ORDER BY a");
    String[] bad = {
      "SELECT * FROM not_there",
      "SELEC 1",
      "INSERT INTO " + table + " FORMAT RowBinary 123",
      "INSERT INTO " + table + " VALUES ('x')",
      "SELECT throwIf(number = 5) FROM numbers(10)",
      "SELECT 1 SETTINGS not_there = 1",
    };
    long process = TestEngine.shared().process().pid();

    for (int i = 0; i < 1000; i++) {
      assertThat(post("", bad[i % bad.length]).statusCode()).isGreaterThanOrEqualTo(400);
    }

    assertThat(TestEngine.shared().process().isAlive()).isTrue();
    assertThat(TestEngine.shared().process().pid()).isEqualTo(process);
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("0");
  }
}
