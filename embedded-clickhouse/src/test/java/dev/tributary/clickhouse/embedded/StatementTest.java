package dev.tributary.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.clickhouse.embedded.Statement.InsertOfRows;
import dev.tributary.clickhouse.embedded.Statement.Plain;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "INSERT INTO t FORMAT CSV\\n1 | INSERT INTO t  | '' | CSV | 1",
        "insert into t values (1) | insert into t  | '' | Values | (1)",
        "INSERT INTO TABLE db.t (a, `values`) FORMAT Native x | INSERT INTO TABLE db.t (a, `values`)  | '' | Native | x",
        "INSERT INTO format VALUES(2) | INSERT INTO format  | '' | Values | (2)",
        "INSERT INTO `a.b`.\"VALUES\" FORMAT CSV 1 | INSERT INTO `a.b`.\"VALUES\"  | '' | CSV | 1",
        "INSERT INTO {t:Identifier} FORMAT CSV 1 | INSERT INTO {t:Identifier}  | '' | CSV | 1",
        "INSERT INTO t SETTINGS x = 'FORMAT' FORMAT CSV 1 | INSERT INTO t  | SETTINGS x = 'FORMAT'  | CSV | 1",
        "-- VALUES\\n/* FORMAT */ INSERT INTO t -- FORMAT\\nFORMAT CSV 1 | -- VALUES\\n/* FORMAT */ INSERT INTO t -- FORMAT\\n | '' | CSV | 1",
        "INSERT INTO FUNCTION null('VALUES') FORMAT CSV 1 | INSERT INTO FUNCTION null('VALUES')  | '' | CSV | 1",
        "INSERT INTO t FORMAT CSV  \\t\\r\\n\\n1 | INSERT INTO t  | '' | CSV | \\n1",
      })
  void findsTheRowsOfAnInsert(
      String sql, String target, String settings, String format, String rows) throws Exception {
    byte[] text = unescaped(sql);

    InsertOfRows insert = (InsertOfRows) Statement.parse(text, true);

    assertThat(insert.target().strip()).isEqualTo(string(unescaped(target)).strip());
    assertThat(insert.settings().strip()).isEqualTo(settings.replace("''", "").strip());
    assertThat(insert.format()).isEqualTo(format);
    assertThat(string(text).substring(insert.dataOffset()).strip())
        .isEqualTo(string(unescaped(rows)).strip());
  }

  @Test
  void putsTheFileBeforeTheSettings() throws Exception {
    InsertOfRows insert =
        (InsertOfRows)
            Statement.parse(unescaped("INSERT INTO t (a) SETTINGS x = 1 FORMAT CSV 1"), true);

    assertThat(insert.fromFile("/it's"))
        .isEqualTo(
            "INSERT INTO t (a)  FROM INFILE '/it\\'s' COMPRESSION 'none' SETTINGS x = 1  FORMAT CSV");
  }

  @Test
  void keepsBinaryRowsThatBeginWithBlanks() throws Exception {
    byte[] text = unescaped("INSERT INTO t FORMAT RowBinary\\n\\n\\n");

    assertThat(((InsertOfRows) Statement.parse(text, true)).dataOffset())
        .isEqualTo(text.length - 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t SELECT 1",
        "INSERT INTO t (a) SELECT * FROM x FORMAT CSV",
        "INSERT INTO t WITH q AS (SELECT 1) SELECT * FROM q",
        "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
        "INSERT INTO t (SELECT 1)",
        "INSERT INTO",
        "INSERT INTO t",
        "SELECT 'INSERT INTO t VALUES (1)'",
        "EXPLAIN INSERT INTO t VALUES (1)",
      })
  void takesOtherStatementsAsTheyAre(String sql) throws Exception {
    assertThat(Statement.parse(unescaped(sql), true)).isInstanceOf(Plain.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 FORMAT JSON | JSON",
        "SELECT 1 FORMAT JSON; | JSON",
        "SELECT 1 FORMAT JSON SETTINGS a = 1, b = 'x' -- end | JSON",
        "SELECT format, 1 FROM t | ",
        "SELECT (SELECT 1 FORMAT CSV) | ",
        "SELECT 'x FORMAT CSV' | ",
        "SELECT 1 | ",
      })
  void findsTheOutputFormat(String sql, String format) throws Exception {
    assertThat(((Plain) Statement.parse(unescaped(sql), true)).outputFormat())
        .isEqualTo(Optional.ofNullable(format));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; SELECT 2",
        "CREATE TABLE a (x Int8); DROP TABLE b",
        ";SELECT 1",
        "SELECT ';' ; /* */ SELECT 1"
      })
  void refusesTwoStatementsInOneRequest(String sql) {
    assertThatThrownBy(() -> Statement.parse(unescaped(sql), true))
        .hasMessageStartingWith("Code: 62.")
        .hasMessageContaining("Multi-statements are not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';'",
        "SELECT 1;",
        "SELECT 1 ;; -- ; SELECT 2",
        "SELECT '\\\\';",
        "SELECT 'it''s; \\\\' ; ';",
        "SELECT $a$; SELECT $a$",
        "SELECT `;`, \";\" /* ; SELECT */",
        "SELECT 1 # ; SELECT 2",
      })
  void takesSemicolonsInsideForText(String sql) throws Exception {
    assertThat(Statement.parse(unescaped(sql), true)).isInstanceOf(Plain.class);
  }

  @Test
  void seesTheKeywordDefaultButNotTheText() {
    assertThat(Statement.usesDefaultKeyword(unescaped("VALUES (1, default)"), 6)).isTrue();
    assertThat(Statement.usesDefaultKeyword(unescaped("VALUES (1, 'DEFAULT')"), 6)).isFalse();
    assertThat(Statement.usesDefaultKeyword(unescaped("DEFAULT VALUES (1)"), 14)).isFalse();
  }

  private static byte[] unescaped(String text) {
    return text.replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\r", "\r")
        .replace("\\\\", "\\")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String string(byte[] text) {
    return new String(text, StandardCharsets.UTF_8);
  }
}
