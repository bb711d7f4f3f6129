package dev.tributary.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineExceptionTest {

  @Test
  void saysAnErrorAsAServerDoes() {
    EngineException error =
        EngineException.parse("Code: 60. DB::Exception: Table t is gone. (UNKNOWN_TABLE)");

    assertThat(error.code()).isEqualTo(60);
    assertThat(error.httpStatus()).isEqualTo(404);
    assertThat(error.text("26.5"))
        .isEqualTo(
            "Code: 60. DB::Exception: Table t is gone. (UNKNOWN_TABLE)"
                + " (version 26.5 (official build))\n");
  }

  @Test
  void unwrapsAnErrorThatTheLibraryWrappedInItself() {
    EngineException error =
        EngineException.parse(
            "Code: 115. DB::Exception: Code: 115. DB::Exception: Code: 115. DB::Exception: Unknown"
                + " setting 'x'. (UNKNOWN_SETTING) (version 26.5.1.1). (UNKNOWN_SETTING) (version"
                + " 26.5.1.1). (UNKNOWN_SETTING)");

    assertThat(error)
        .hasMessage("Code: 115. DB::Exception: Unknown setting 'x'. (UNKNOWN_SETTING)");
  }

  @Test
  void hidesTheFileThatTheRowsWentThrough() {
    EngineException error =
        EngineException.parse(
            "Code: 33. DB::Exception: Code: 33. DB::Exception: Cannot read all data: (at row 2)\n"
                + ": (in file/uri /data/spool/rows1.data): While executing BinaryRowInputFormat:"
                + " While executing File: data for INSERT was parsed from file."
                + " (CANNOT_READ_ALL_DATA) (version 26.5.1.1). (CANNOT_READ_ALL_DATA)");

    assertThat(error)
        .hasMessage(
            "Code: 33. DB::Exception: Cannot read all data: (at row 2)\n"
                + ": While executing BinaryRowInputFormat. (CANNOT_READ_ALL_DATA)");
  }

  @Test
  void takesATextOfAnotherKindForAnErrorToo() {
    EngineException error = EngineException.parse("something else");

    assertThat(error.code()).isEqualTo(1001);
    assertThat(error.httpStatus()).isEqualTo(500);
  }
}
