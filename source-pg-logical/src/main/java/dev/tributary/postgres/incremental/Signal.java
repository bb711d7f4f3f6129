package dev.tributary.postgres.incremental;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Collections;
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
  /** Stands for bytes that are no UTF-8. */
  char NO_CHARACTER = '\uFFFD';

  /** The prefix of logical messages that are signals. */
  String PREFIX = "tributary.signal";

  /**
   * Read tables.
   *
   * @param tables over {@code schema.table}
   * @param filters SQL that rows must satisfy, by pattern over {@code schema.table}; of several
   *     that match, the first; blank for all rows
   * @param after the transaction that all transactions which a read must show came before; 0 for
   *     none
   */
  record Execute(String id, List<Pattern> tables, Map<String, String> filters, long after)
      implements Signal {
    public Execute {
      tables = List.copyOf(tables);
      filters = Collections.unmodifiableMap(new LinkedHashMap<>(filters)); // the first one counts
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
    if (json.indexOf(NO_CHARACTER) >= 0) {
      throw new IllegalArgumentException(
          "it is not UTF-8, as which the log has it in a database of that encoding only; write"
              + " characters beyond ASCII as \\uXXXX");
    }
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

  /**
   * The same signal in ASCII, since the log has it in the encoding of the database.
   *
   * @param json that can be parsed
   */
  static String ascii(String json) {
    try {
      ObjectMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
      return mapper.writeValueAsString(mapper.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON" + where(e));
    }
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
    return new Execute(id, tables, filters(data), data.path("after").asLong(0));
  }

  /** A condition that cannot be read must not be left out: all rows would be read. */
  private static Map<String, String> filters(JsonNode data) {
    Map<String, String> filters = new LinkedHashMap<>();
    for (JsonNode condition : list(data, "additional-conditions")) {
      JsonNode filter = condition.path("filter");
      if (!filter.isTextual()) {
        throw new IllegalArgumentException(
            "one of its 'additional-conditions' has no text under 'filter'");
      }
      filters.putIfAbsent(condition.path("data-collection").asText(".*"), filter.asText());
    }
    JsonNode ofAll = data.path("additional-condition");
    if (ofAll.isTextual()) {
      filters.putIfAbsent(".*", ofAll.asText());
    } else if (!ofAll.isMissingNode() && !ofAll.isNull()) {
      throw new IllegalArgumentException("its 'additional-condition' is no text");
    }
    filters.keySet().forEach(Signal::pattern);
    filters.values().forEach(Signal::checkFilter);
    return filters;
  }

  /** Whoever may signal may ask for rows, not execute statements. */
  private static void checkFilter(String filter) {
    if (filter.indexOf(';') >= 0) {
      throw new IllegalArgumentException(
          "a condition in it has a semicolon; inside of a text, write chr(59)");
    }
  }

  private static List<Pattern> patterns(JsonNode data) {
    List<Pattern> patterns = new ArrayList<>();
    list(data, "data-collections").forEach(name -> patterns.add(pattern(name.asText())));
    return patterns;
  }

  private static JsonNode list(JsonNode data, String field) {
    JsonNode list = data.path(field);
    if (!list.isArray() && !list.isMissingNode() && !list.isNull()) {
      throw new IllegalArgumentException("its '" + field + "' is no array");
    }
    return list;
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
