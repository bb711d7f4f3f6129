package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureParserTest {
  @Test
  void readsFeaturesInTheirOrder() {
    assertThat(
            FeatureParser.parse(
                "event_count_1min = count() over 1m,\n  n2=count ( )over 500ms , total = count() over all"))
        .containsExactly(
            new Feature("event_count_1min", Aggregate.COUNT, new Window.Sliding(60_000)),
            new Feature("n2", Aggregate.COUNT, new Window.Sliding(500)),
            new Feature("total", Aggregate.COUNT, new Window.All()));
  }

  @Test
  void showsAFeatureAsItIsDeclared() {
    String declared = "a = count() over 1h";
    assertThat(FeatureParser.parse(declared).get(0)).hasToString(declared);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"| line 1, column 1: expected the name of a feature (letters, digits and underscores), found the end",
        "a| line 1, column 2: expected '=', found the end",
        "a = | line 1, column 4: expected an aggregate (count), found the end",
        "a = sum(x) over 1m| line 1, column 5: there is no aggregate 'sum'; this version knows: count",
        "a = count(x) over 1m| line 1, column 11: expected ')', found 'x'",
        "a = count() 1m| line 1, column 13: expected 'over', found '1m'",
        "a = count() over| line 1, column 17: expected a duration such as 30s, 5m, 1h or 7d, or 'all', found the end",
        "a = count() over session 5m| line 1, column 18: expected a duration such as 30s, 5m, 1h or 7d, or 'all', found 'session'",
        "a = count() over 5x| line 1, column 18: '5x' is no duration; write a whole number and a unit, such as 500ms, 30s, 5m, 1h or 7d",
        "a = count() over 0s| line 1, column 18: a window must be longer than nothing",
        "a = count() over 1m b| line 1, column 21: expected ',' and a further feature, or the end, found 'b'",
        "a = count() over 1m,| line 1, column 21: expected the name of a feature (letters, digits and underscores), found the end",
        "1a = count() over 1m| line 1, column 1: expected the name of a feature (letters, digits and underscores), found '1a'",
        "a-b = count() over 1m| line 1, column 2: expected '=', found '-'",
        "\"a = count() over 1m,\n  a = count() over 2m\"| line 2, column 3: the feature 'a' is declared twice; give it another name",
      })
  void saysWhereItIsWrongAndWhatWasExpected(String text, String message) {
    assertThatThrownBy(() -> FeatureParser.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
