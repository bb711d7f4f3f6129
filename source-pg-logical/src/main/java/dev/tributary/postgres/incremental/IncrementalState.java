package dev.tributary.postgres.incremental;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.postgres.catalog.TableName;
import java.util.ArrayList;
import java.util.List;

/**
 * How far an incremental snapshot has got. Pure; as JSON it is a part of the offset.
 *
 * @param id of the last signal
 * @param paused whether nothing is read for now
 * @param tables what is left to read, in order; the first is being read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IncrementalState(
    @JsonProperty("id") String id,
    @JsonProperty("paused") boolean paused,
    @JsonProperty("tables") List<Table> tables) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Nothing is left to read. */
  public static final IncrementalState NONE = new IncrementalState("", false, List.of());

  /**
   * A table that is to be read.
   *
   * @param filter SQL that rows must satisfy; null for all
   * @param last the key of the last row read, as text; null if none was
   * @param end the greatest key there was at the beginning, as text; null if it was not looked for
   * @param key the columns of the key and their types, in the order in which it is read; null if
   *     nothing was
   * @param after see {@link Signal.Execute}
   * @param rows read so far
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Table(
      @JsonProperty("schema") String schema,
      @JsonProperty("table") String table,
      @JsonProperty("filter") String filter,
      @JsonProperty("last") List<String> last,
      @JsonProperty("end") List<String> end,
      @JsonProperty("key") List<String> key,
      @JsonProperty("after") long after,
      @JsonProperty("rows") long rows) {
    public Table {
      if (schema == null || table == null) {
        throw new IllegalArgumentException("a table without schema or name");
      }
      last = last == null ? null : List.copyOf(last);
      end = end == null ? null : List.copyOf(end);
      key = key == null ? null : List.copyOf(key);
    }

    static Table of(TableName name, String filter, long after) {
      return new Table(name.schema(), name.table(), filter, null, null, null, after, 0);
    }

    TableName name() {
      return new TableName(schema, table);
    }

    /** With so many rows read further, up to one of them. */
    Table read(List<String> upTo, List<String> greatest, List<String> keyRead, long count) {
      return new Table(schema, table, filter, upTo, greatest, keyRead, after, rows + count);
    }

    /**
     * What is left to read by a key: all of it, if it was read by another one before, in whose
     * order other rows are behind the last.
     */
    Table by(List<String> present) {
      return key == null || key.equals(present)
          ? this
          : new Table(schema, table, filter, null, null, null, after, 0);
    }
  }

  public IncrementalState {
    id = id == null ? "" : id;
    tables = tables == null ? List.of() : List.copyOf(tables);
  }

  boolean isActive() {
    return !tables.isEmpty();
  }

  /** With further tables, but for those that wait to be read in the same way already. */
  IncrementalState adding(String signal, List<Table> more) {
    List<Table> all = new ArrayList<>(tables);
    for (Table table : more) {
      if (!all.contains(table)) {
        all.add(table);
      }
    }
    return new IncrementalState(signal, paused && isActive(), all);
  }

  IncrementalState without(List<Table> stopped) {
    List<Table> left = tables.stream().filter(table -> !stopped.contains(table)).toList();
    return left.isEmpty() ? NONE : new IncrementalState(id, paused, left);
  }

  IncrementalState paused(boolean now) {
    return isActive() ? new IncrementalState(id, now, tables) : this;
  }

  /** With the first table read further. */
  IncrementalState advanced(Table first) {
    List<Table> all = new ArrayList<>(tables);
    all.set(0, first);
    return new IncrementalState(id, paused, all);
  }

  /** For an offset; null if nothing is left to read. */
  public String text() {
    if (!isActive()) {
      return null;
    }
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads what an offset holds.
   *
   * @param text null for nothing
   * @throws IllegalArgumentException if the text is something else
   */
  public static IncrementalState parse(String text) {
    if (text == null) {
      return NONE;
    }
    try {
      IncrementalState state = JSON.readValue(text, IncrementalState.class);
      if (state == null) {
        throw new IllegalArgumentException("'null' is no state of an incremental snapshot");
      }
      return state;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no state of an incremental snapshot: " + e.getOriginalMessage(), e);
    }
  }
}
