package dev.tributary.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignalTest {
  private static Signal parse(String type, String data) {
    return Signal.parse("{\"type\": \"" + type + "\", \"data\": {" + data + "}}");
  }

  private static Signal.Execute execute(String conditions) {
    return (Signal.Execute)
        parse("execute-snapshot", "\"data-collections\": [\"public.a\"], " + conditions);
  }

  private static void refuses(String type, String data, String message) {
    assertThatThrownBy(() -> parse(type, data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theFirstConditionThatMatchesCounts() {
    List<Map.Entry<String, String>> written =
        List.of(
            Map.entry("public.b", ""),
            Map.entry("public.[ab]", "2"),
            Map.entry("public.a", "3"),
            Map.entry(".*", "4"));
    StringBuilder conditions = new StringBuilder();
    for (Map.Entry<String, String> condition : written) {
      conditions.append(
          String.format(
              "%s{\"data-collection\": \"%s\", \"filter\": \"%s\"}",
              conditions.isEmpty() ? "" : ", ", condition.getKey(), condition.getValue()));
    }
    Signal.Execute read = execute("\"additional-conditions\": [" + conditions + "]");
    assertThat(read.filters().entrySet()).containsExactlyElementsOf(written);
  }

  /** Otherwise all rows would be read, or reading stopped for all tables. */
  @Test
  void refusesWhatItWouldLeaveOut() {
    String of = "\"data-collections\": [\"public.a\"], ";
    refuses(
        "execute-snapshot",
        of + "\"additional-conditions\": {\"filter\": \"id > 5\"}",
        "'additional-conditions' is no array");
    refuses(
        "execute-snapshot",
        of + "\"additional-conditions\": [{\"condition\": \"id > 5\"}]",
        "no text under 'filter'");
    refuses("execute-snapshot", of + "\"additional-condition\": 5", "is no text");
    refuses("execute-snapshot", "\"data-collections\": \"public.a\"", "is no array");
    refuses("stop-snapshot", "\"data-collections\": \"public.a\"", "is no array");
    assertThat(parse("stop-snapshot", "\"data-collections\": null"))
        .isInstanceOf(Signal.Stop.class);
  }

  @Test
  void isTheSameInAscii() {
    String json = "{\"type\": \"stop-snapshot\", \"data\": {\"data-collections\": [\"t\u00e4\"]}}";
    assertThat(Signal.ascii(json)).matches("\\p{ASCII}+");
    assertThat(((Signal.Stop) Signal.parse(Signal.ascii(json))).tables().get(0).pattern())
        .isEqualTo("t\u00e4");
    assertThatThrownBy(() -> Signal.parse(json.replace('\u00e4', '\uFFFD')))
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesConditionsThatCouldEndTheStatement() {
    refuses(
        "execute-snapshot",
        "\"data-collections\": [\"public.a\"], \"additional-condition\": \"true); drop table a; (\"",
        "semicolon");
  }
}
