package dev.tributary.clickhouse.embedded;

import static dev.tributary.clickhouse.embedded.TestEngine.encoded;
import static dev.tributary.clickhouse.embedded.TestEngine.header;
import static dev.tributary.clickhouse.embedded.TestEngine.newName;
import static dev.tributary.clickhouse.embedded.TestEngine.newTable;
import static dev.tributary.clickhouse.embedded.TestEngine.post;
import static dev.tributary.clickhouse.embedded.TestEngine.request;
import static dev.tributary.clickhouse.embedded.TestEngine.run;
import static dev.tributary.clickhouse.embedded.TestEngine.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpProtocolTest {

  @Test
  void answersPings() {
    HttpResponse<String> ping =
        send(
            HttpRequest.newBuilder(URI.create(TestEngine.shared().url() + "/ping")).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(ping.statusCode()).isEqualTo(200);
    assertThat(ping.body()).isEqualTo("Ok.\n");
    assertThat(get("").body()).isEqualTo("Ok.\n");
  }

  @Test
  void takesTheQueryFromTheAddressFromTheBodyAndFromBoth() {
    assertThat(get("query=" + encoded("SELECT 'a+b', 'é'")).body()).isEqualTo("a+b\té\n");
    assertThat(post("", "SELECT 7").body()).isEqualTo("7\n");
    assertThat(post("query=SELECT", "8").body()).isEqualTo("8\n");
    assertThat(post("query=" + encoded("SELECT 1 -- a comment"), ", 9").body()).isEqualTo("1\t9\n");
  }

  @Test
  void answersWithTheHeadersOfAServer() {
    HttpResponse<String> response = post("query_id=my-own", "SELECT 1 AS x FORMAT JSONEachRow");

    assertThat(response.body()).isEqualTo("{\"x\":1}\n");
    assertThat(header(response, "X-ClickHouse-Query-Id")).isEqualTo("my-own");
    assertThat(header(response, "X-ClickHouse-Format")).isEqualTo("JSONEachRow");
    assertThat(header(response, "X-ClickHouse-Timezone")).isEqualTo(run("SELECT serverTimezone()"));
    assertThat(header(response, "X-ClickHouse-Server-Display-Name"))
        .isEqualTo(run("SELECT hostName()"));
    assertThat(header(response, "X-ClickHouse-Summary")).contains("\"result_rows\":\"1\"");
    assertThat(header(post("", "SELECT 1"), "X-ClickHouse-Query-Id")).isNotEmpty();
  }

  @Test
  void givesTheDefaultFormatWhereTheQueryNamesNone() {
    assertThat(post("default_format=CSV", "SELECT 'a'").body()).isEqualTo("\"a\"\n");
    assertThat(post("", "SELECT 'a'", "X-ClickHouse-Format", "CSV").body()).isEqualTo("\"a\"\n");
    assertThat(post("default_format=CSV", "SELECT 'a' FORMAT TSV;").body()).isEqualTo("a\n");
  }

  @Test
  void countsWrittenRowsInTheSummary() {
    String table = newTable("a UInt32, s String", "MergeTree ORDER BY a");

    HttpResponse<String> values = post("", "INSERT INTO " + table + " VALUES (1,'x'), (2,'y')");
    HttpResponse<String> select =
        post("", "INSERT INTO " + table + " SELECT number, 'n' FROM numbers(5)");

    assertThat(header(values, "X-ClickHouse-Summary"))
        .contains("\"written_rows\":\"2\"", "\"read_rows\":\"2\"");
    assertThat(header(select, "X-ClickHouse-Summary")).contains("\"written_rows\":\"5\"");
    assertThat(header(post("", "SELECT * FROM " + table), "X-ClickHouse-Summary"))
        .contains("\"read_rows\":\"7\"", "\"written_rows\":\"0\"");
  }

  @Test
  void takesSettingsFromTheAddress() {
    assertThat(post("max_block_size=77", "SELECT getSetting('max_block_size')").body())
        .isEqualTo("77\n");
    assertThat(post("session_timezone=Asia%2FTokyo", "SELECT timezone()").body())
        .isEqualTo("Asia/Tokyo\n");
  }

  @Test
  void leavesNothingOfARequestForTheNextOne() {
    String table = newName();
    String before = run("SELECT getSetting('max_block_size'), currentDatabase()");
    run("CREATE DATABASE " + table);

    String during =
        post(
                "max_block_size=77&param_x=5&database=" + table,
                "SELECT getSetting('max_block_size'), currentDatabase(), {x:UInt8}")
            .body();
    run("SET max_block_size = 78");
    run("USE " + table);

    assertThat(during).isEqualTo("77\t" + table + "\t5\n");
    assertThat(run("SELECT getSetting('max_block_size'), currentDatabase()")).isEqualTo(before);
    assertThat(post("", "SELECT {x:UInt8}").body()).contains("Code: 456.");
  }

  @Test
  void usesTheDatabaseOfTheHeaderOrTheAddress() {
    String database = newName();
    run("CREATE DATABASE " + database);

    assertThat(post("", "SELECT currentDatabase()", "X-ClickHouse-Database", database).body())
        .isEqualTo(database + "\n");
    assertThat(
            post("database=" + database, "SELECT currentDatabase()", "X-ClickHouse-Database", "no")
                .body())
        .isEqualTo(database + "\n");
    HttpResponse<String> missing = post("database=not_there", "SELECT 1");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).startsWith("Code: 81. DB::Exception: ");
  }

  @Test
  void takesAnnouncedBodies() {
    String table = newTable("a UInt64", "MergeTree ORDER BY a");

    HttpResponse<String> response =
        send(
            request("query=" + encoded("INSERT INTO " + table + " FORMAT RowBinary"))
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[800_000]))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(run("SELECT count() FROM " + table)).isEqualTo("100000");
  }

  @Test
  void takesQueryParametersAsData() {
    String nasty = "it's \\ \"q\" `b` {x:String} -- ; é";
    // A value comes escaped as in TabSeparated, as ClickHouse's documentation says.
    String escaped = nasty.replace("\\", "\\\\");

    assertThat(
            post("param_x=" + encoded(escaped) + "&default_format=TSVRaw", "SELECT {x:String}")
                .body())
        .isEqualTo(nasty + "\n");
    assertThat(
            post("param_t=one&param_d=system", "SELECT * FROM {d:Identifier}.{t:Identifier}")
                .body())
        .isEqualTo("0\n");
    assertThat(post("param_a=%5B1,2%5D", "SELECT arraySum({a:Array(UInt8)})").body())
        .isEqualTo("3\n");
  }

  @Test
  void refusesChangesByGet() {
    String table = newName();

    HttpResponse<String> response = get("query=" + encoded("CREATE TABLE " + table + " (a Int8)"));

    assertThat(header(response, "X-ClickHouse-Exception-Code")).isEqualTo("164");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(run("EXISTS TABLE " + table)).isEqualTo("0");
  }

  @Test
  void knowsTheDefaultUserOnly() {
    assertThat(post("user=default&password=", "SELECT 1").statusCode()).isEqualTo(200);
    assertThat(post("", "SELECT 1", "Authorization", basic("default", "")).statusCode())
        .isEqualTo(200);
    for (HttpResponse<String> refused :
        List.of(
            post("", "SELECT 1", "Authorization", basic("default", "wrong")),
            post("", "SELECT 1", "X-ClickHouse-User", "default", "X-ClickHouse-Key", "wrong"),
            post("user=nobody", "SELECT 1"))) {
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(header(refused, "X-ClickHouse-Exception-Code")).isEqualTo("516");
      assertThat(refused.body())
          .startsWith("Code: 516. DB::Exception: ")
          .contains("(AUTHENTICATION_FAILED)");
    }
  }

  @Test
  void knowsNoRoles() {
    HttpResponse<String> response = post("role=not_there", "SELECT 1");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(header(response, "X-ClickHouse-Exception-Code")).isEqualTo("511");
  }

  @Test
  void changesTablesAsAServerDoes() {
    String table = newTable("a UInt32, b String", "MergeTree ORDER BY a");
    String other = newTable("a UInt32", "MergeTree ORDER BY a");
    run("INSERT INTO " + table + " SELECT number, 'x' FROM numbers(10)");

    run("ALTER TABLE " + table + " ADD COLUMN c Nullable(Int8), RENAME COLUMN b TO d");
    run("ALTER TABLE " + table + " DELETE WHERE a < 2 SETTINGS mutations_sync = 1");
    run("DELETE FROM " + table + " WHERE a = 2");
    run("OPTIMIZE TABLE " + table + " FINAL");
    run("EXCHANGE TABLES " + table + " AND " + other);

    assertThat(run("SELECT count(), any(c), any(d) FROM " + other)).isEqualTo("7\t\\N\tx");
    assertThat(
            run(
                "SELECT engine, sorting_key FROM system.tables WHERE database = 'default' AND name"
                    + " = '"
                    + table
                    + "'"))
        .isEqualTo("MergeTree\ta");
    run("TRUNCATE TABLE " + other);
    run("DROP TABLE " + other + " SYNC");
    assertThat(run("EXISTS TABLE " + other)).isEqualTo("0");
  }

  @Test
  void saysThatItDoesNotKnowAPath() {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(URI.create(TestEngine.shared().url() + "/nothing")).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(404);
  }

  private static HttpResponse<String> get(String parameters) {
    return send(request(parameters).GET().build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
