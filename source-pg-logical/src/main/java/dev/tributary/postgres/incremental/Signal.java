package dev.tributary.postgres.incremental;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What somebody asks of the connector, in Debezium's JSON:
 *
 * <pre>
 * {"id": "1", "type": "execute-snapshot",
 *  "data": {"type": "INCREMENTAL", "data-collections": ["public.orders", "shop.*"],
 *           "additional-conditions": [{"data-collection": "public.orders", "filter": "id > 5"}]}}
 * </pre>
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/configuration/signalling.html">
 *     Sending signals</a>
 */
public sealed interface Signal {
  /** The prefix of logical messages that are signals. */
  String PREFIX = "tributary.signal";

  /**
   * Read tables.
   *
   * @param tables over {@code schema.table}
   * @param filters SQL that rows must satisfy, by pattern over {@code schema.table}
   * @param after the transaction that all transactions which a read must show came before; 0 for
   *     none
   */
  record Execute(String id, List<Pattern> tables, Map<String, String> filters, long after)
      implements Signal {
    public Execute {
      tables = List.copyOf(tables);
      filters = Map.copyOf(filters);
    }
  }

  /**
   * Stop reading.
   *
   * @param tables empty for all
   */
  record Stop(List<Pattern> tables) implements Signal {
    public Stop {
      tables = List.copyOf(tables);
    }
  }

  /** Stop for now. */
  record Pause() implements Signal {}

  /** Go on. */
  record Resume() implements Signal {}

  /**
   * Reads a signal.
   *
   * @throws IllegalArgumentException if it is none, with what is wrong
   */
  static Signal parse(String json) {
    JsonNode signal;
    try {
      signal = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON" + where(e));
    }
    if (!signal.path("type").isTextual()) {
      throw new IllegalArgumentException("it has no text under 'type'");
    }
    JsonNode data = data(signal.path("data"));
    String type = signal.path("type").asText();
    return switch (type) {
      case "execute-snapshot" -> execute(signal.path("id").asText(""), data);
      case "stop-snapshot" -> new Stop(patterns(data));
      case "pause-snapshot" -> new Pause();
      case "resume-snapshot" -> new Resume();
      default ->
          throw new IllegalArgumentException(
              "its 'type' is none of execute-snapshot, stop-snapshot, pause-snapshot and"
                  + " resume-snapshot");
    };
  }

  /** Where, without the text there. */
  private static String where(JsonProcessingException error) {
    JsonLocation at = error.getLocation();
    return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  /** As an object, or as text that holds one. */
  private static JsonNode data(JsonNode data) {
    if (!data.isTextual()) {
      return data;
    }
    try {
      return new ObjectMapper().readTree(data.asText());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("'data' is not JSON" + where(e));
    }
  }

  private static Execute execute(String id, JsonNode data) {
    String kind = data.path("type").asText("INCREMENTAL");
    if (!kind.equalsIgnoreCase("INCREMENTAL")) {
      throw new IllegalArgumentException(
          "it asks for a snapshot of a type that is not INCREMENTAL");
    }
    List<Pattern> tables = patterns(data);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("it names no 'data-collections'");
    }
    Map<String, String> filters = new LinkedHashMap<>();
    for (JsonNode condition : data.path("additional-conditions")) {
      filters.put(
          condition.path("data-collection").asText(".*"), condition.path("filter").asText(""));
    }
    if (data.path("additional-condition").isTextual()) {
      filters.put(".*", data.path("additional-condition").asText());
    }
    filters.values().removeIf(String::isBlank);
    filters.keySet().forEach(Signal::pattern);
    return new Execute(id, tables, filters, data.path("after").asLong(0));
  }

  private static List<Pattern> patterns(JsonNode data) {
    List<Pattern> patterns = new ArrayList<>();
    data.path("data-collections").forEach(name -> patterns.add(pattern(name.asText())));
    return patterns;
  }

  /** An anchored pattern over {@code schema.table}, without regard to case. */
  static Pattern pattern(String text) {
    try {
      return Pattern.compile(text.strip(), Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "a name in it is no regular expression: " + e.getDescription());
    }
  }
}
