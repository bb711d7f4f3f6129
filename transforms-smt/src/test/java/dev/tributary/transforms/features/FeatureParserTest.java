package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureParserTest {
  private static final String WINDOW =
      "a window: a duration such as 30s, 5m, 1h or 7d, 'tumbling 1m', 'hopping 1h by 5m',"
          + " 'session 30m' or 'all'";

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

  @Test
  void readsEveryWindow() {
    assertThat(
            FeatureParser.parse(
                "a = count() over sliding 1m, b = count() over tumbling 1m,"
                    + " c = count() over hopping 1h by 5m, d = count() over session 30m"))
        .extracting(Feature::window)
        .containsExactly(
            new Window.Sliding(60_000),
            new Window.Hopping(60_000, 60_000),
            new Window.Hopping(3_600_000, 300_000),
            new Window.Session(1_800_000));
  }

  @Test
  void readsArgumentsConditionsAndExclusive() {
    Feature feature =
        FeatureParser.parse(
                "p = percentile(\"response ms\", 99.5) over 5m exclusive where \"a-b\" = 'it''s'")
            .get(0);
    assertThat(feature.field()).isEqualTo("response ms");
    assertThat(feature.numbers()).containsExactly(new BigDecimal("99.5"));
    assertThat(feature.where()).hasToString("a-b = 'it''s'");
    assertThat(feature.exclusive()).isTrue();
    assertThat(FeatureParser.parse("a = decayed_sum(after.x, 5m)").get(0))
        .satisfies(f -> assertThat(f.field()).isEqualTo("after.x"))
        .satisfies(f -> assertThat(f.numbers()).containsExactly(new BigDecimal(300_000)));
  }

  /** What is written, and how the conditions are nested. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a = 1 or b = 2 and c = 3| (a = 1 or (b = 2 and c = 3))",
        "(a = 1 or b = 2) and not c = 3| ((a = 1 or b = 2) and not (c = 3))",
        "type IN ('x', 'it''s') AND after.n <> -1.5| (type in ('x', 'it''s') and after.n <> -1.5)",
        "a not in (1, true)| not (a in (1, true))",
        "a is null or b is not null| (a is null or not (b is null))",
        "not not flag| not (not (flag))",
        "a not like 'x%' and 1 < b| (not (a like 'x%') and 1 < b)",
        "a != b| a <> b",
      })
  void readsConditions(String written, String meaning) {
    Feature feature = FeatureParser.parse("f = count() over 1m where " + written).get(0);
    assertThat(feature.where()).hasToString(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"| line 1, column 1: expected the name of a feature (letters, digits and underscores), found the end",
        "a| line 1, column 2: expected '=', found the end",
        "a = sume(x) over 1m| line 1, column 5: there is no aggregate 'sume'; did you mean 'sum'?; this version knows: ALL",
        "a = | line 1, column 4: expected an aggregate (ALL), found the end",
        "a = qqqqq(x) over 1m| line 1, column 5: there is no aggregate 'qqqqq'; this version knows: ALL",
        "a = count(1) over 1m| line 1, column 11: expected a field, as in count([field]), found '1'",
        "a = sum() over 1m| line 1, column 9: expected a field, as in sum(field), found ')'",
        "a = sum(x, y) over 1m| line 1, column 10: expected ')', as it is sum(field), found ','",
        "a = percentile(x) over 1m| line 1, column 17: expected ',' and further arguments of percentile(field, p), found ')'",
        "a = percentile(x, 101) over 1m| line 1, column 19: a percentile lies between 0 and 100",
        "a = last_n(x, 0) over 1m| line 1, column 15: write a whole number from 1 to 10000",
        "a = histogram(x, 1, 1) over 1m| line 1, column 21: the bounds of a histogram must ascend",
        "a = decayed_count(5) | line 1, column 19: '5' is no duration; write a whole number and a unit, such as 500ms, 30s, 5m, 1h or 7d",
        "a = seconds_since_last() over 1m| line 1, column 26: seconds_since_last() has no window; leave 'over' out",
        "a = rate() over session 1m| line 1, column 17: rate() needs a window of a known length: sliding, tumbling or hopping",
        "a = rate() over all| line 1, column 17: rate() needs a window of a known length: sliding, tumbling or hopping",
        "a = ratio(b, c)| line 1, column 11: no feature 'b' is declared before this one",
        "\"clicks = count() over 1m, a = ratio(click, clicks)\"| line 1, column 37: no feature 'click' is declared before this one; did you mean 'clicks'?",
        "\"t = top_k(x, 3) over 1m, a = ratio(t, t)\"| line 1, column 36: top_k gives no number, so there is no ratio of it",
        "\"n = count() over 1m, a = ratio(n, n) where x = 1\"| line 1, column 38: a ratio divides other features; write 'where' behind those",
        "a = count() 1m| line 1, column 13: expected 'over', found '1m'",
        "a = count() over| line 1, column 17: expected WINDOW, found the end",
        "a = count() over tumbling| line 1, column 26: expected a duration such as 30s, 5m, 1h or 7d, found the end",
        "a = count() over hopping 1h 5m| line 1, column 29: expected 'by', found '5m'",
        "a = count() over hopping 1h by 7m| line 1, column 18: the length of a hopping window must be a multiple of its hop, and 1h is none of 7m",
        "a = count() over 1m where| line 1, column 26: expected a field, a number, a text in single quotes, true or false, found the end",
        "a = count() over 1m where x = 'abc| line 1, column 31: the quote ' does not end",
        "a = count() over 1m where x ~ 1| line 1, column 29: expected ',' and a further feature, or the end, found '~'",
        "a = count() over 1m where 1| line 1, column 28: expected a comparison (=, <>, <, <=, >, >=), 'in', 'like' or 'is null', found the end",
        "a = count() over 1m where x in (1, y)| line 1, column 37: expected a number, a text in single quotes, true or false, before this, found ')'",
        "a = count() over 1m where x like 5| line 1, column 34: expected a pattern in single quotes, such as 'a%', found '5'",
        "a = count() over 1m where (x = 1| line 1, column 33: expected ')', found the end",
        "a = count() over 1m where x = 1 where y = 2| line 1, column 33: 'where' is there already",
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
        .hasMessage(message.replace("ALL", Aggregate.names()).replace("WINDOW", WINDOW));
  }
}
