package dev.tributary.transforms.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternParserTest {

  /** What is written, and how it is understood. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "p = small: amount < 10 then large: amount > 1000 within 10m| p = small: amount < 10 then large: amount > 1000 within 10m",
        "p=a:x NEXT b:not x Within 500ms| p = a: x next b: not (x) within 500ms",
        "p = a: x = 1 or y = 2 and z like 'q%' then b: x in (1, 2) next c: y is null within 1h| p = a: (x = 1 or (y = 2 and z like 'q%')) then b: x in (1, 2) next c: y is null within 1h",
        "p = a 3 times: x then b: y within 1m| p = a: x then a: x then a: x then b: y within 1m",
        "p = b: y next a 3 times in a row: x within 1m| p = b: y next a: x next a: x next a: x within 1m",
        "p = b: y next a 2 times: x within 1m| p = b: y next a: x then a: x within 1m",
        "p = a 2 times: x within 1m| p = a: x then a: x within 1m",
        "p = a 1 times: x then b: \"within\" > 1 within 1m| p = a: x then b: within > 1 within 1m",
        "p = times: times = 2 then a: row > a within 1d| p = times: times = 2 then a: row > a within 1d",
      })
  void readsPatterns(String written, String meaning) {
    assertThat(PatternParser.parse(written)).singleElement().hasToString(meaning);
  }

  @Test
  void readsSeveralInTheirOrder() {
    assertThat(
            PatternParser.parse(
                "first = a: x then b: y within 1m,\n second = a: x in (1, 2) next b: y within 2m"))
        .extracting(Pattern::name)
        .containsExactly("first", "second");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"| line 1, column 1: expected the name of a pattern (letters, digits and underscores), found the end",
        "within = a: x then b: y within 1m| line 1, column 1: expected the name of a pattern (letters, digits and underscores), found 'within'",
        "p| line 1, column 2: expected '=', found the end",
        "p = | line 1, column 4: expected the name of an event, as in 'small: amount < 10' (letters, digits and underscores), found the end",
        "p = amount < 10| line 1, column 12: expected ':' and a condition, found '<'",
        "p = a: x| line 1, column 9: expected 'then' or 'next' and a further event, or 'within' and a duration, found the end",
        "p = a: x within 5m| line 1, column 10: expected 'then' or 'next' and a further event, as one is no sequence, found 'within'",
        "p = a: x then b: y| line 1, column 19: expected 'then' or 'next' and a further event, or 'within' and a duration, found the end",
        "p = a: x then b: y within| line 1, column 26: expected a duration such as 30s, 5m, 1h or 7d, found the end",
        "p = a: x then b: y within 5x| line 1, column 27: '5x' is no duration; write a whole number and a unit, such as 500ms, 30s, 5m, 1h or 7d",
        "p = a: x then b: y within 0s| line 1, column 27: a sequence within no time has no events",
        "p = a: x then b: y within 5m q| line 1, column 30: expected ',' and a further pattern, or the end, found 'q'",
        "p = a: x then b: y within 5m,| line 1, column 30: expected the name of a pattern (letters, digits and underscores), found the end",
        "p = a: x then: y within 5m| line 1, column 14: expected the name of an event, as in 'small: amount < 10' (letters, digits and underscores), found ':'",
        "p = a: x then a: y within 5m| line 1, column 15: the event 'a' is in this pattern already; give it another name",
        "p = a: x > then b: y within 5m| line 1, column 12: expected a field, a number, a text in single quotes, true or false, found 'then'",
        "p = a: x = 'it then b: y within 5m| line 1, column 12: the quote ' does not end",
        "p = a 0 times: x then b: y within 5m| line 1, column 7: write a whole number from 1 to 32",
        "p = a 33 times: x then b: y within 5m| line 1, column 7: write a whole number from 1 to 32",
        "p = a 1.5 times: x then b: y within 5m| line 1, column 7: write a whole number from 1 to 32",
        "p = a 3x times: x then b: y within 5m| line 1, column 7: '3x' is no number",
        "p = a 3: x then b: y within 5m| line 1, column 8: expected 'times', found ':'",
        "p = a 3 times in row: x within 5m| line 1, column 18: expected 'a', found 'row'",
        "p = a 32 times: x then b: y within 5m| line 1, column 1: the pattern 'p' has 33 events; there may be 32",
        "\"p = a: x then b: y within 5m,\n  p = a: x then b: y within 6m\"| line 2, column 3: the pattern 'p' is declared twice; give it another name",
      })
  void saysWhereItIsWrongAndWhatWasExpected(String text, String message) {
    assertThatThrownBy(() -> PatternParser.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
