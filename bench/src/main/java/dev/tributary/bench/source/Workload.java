package dev.tributary.bench.source;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table and the changes made to it.
 *
 * @param table its name in the schema public
 * @param ddl makes it
 * @param prepare SQL that is run before the changes, with {@code %d} for the number of changes
 * @param change SQL that changes the rows from {@code $1} to {@code $2}
 * @param rowsPerTransaction 0 for all in one
 * @param shape the columns as the prebuilt source takes them
 * @param before whether events carry the row before, too
 */
record Workload(
    String table,
    String ddl,
    String prepare,
    String change,
    int rowsPerTransaction,
    List<String> shape,
    boolean before) {
  private static final String EVENTS =
      """
      CREATE TABLE user_events (id bigserial PRIMARY KEY, user_id bigint, event_type text, ts timestamptz,
        amount numeric(12,2), engagement float8, data jsonb)""";

  private static final String INSERT_EVENTS =
      """
      INSERT INTO user_events (user_id, event_type, ts, amount, engagement, data)
      SELECT i::bigint * 7919 %% 10000, (ARRAY['view', 'click', 'purchase'])[1 + i %% 3], now(), (i %% 100000) / 100.0,
        (i %% 1000) / 1000.0, jsonb_build_object('page', '/product/' || i %% 1000, 'session', i %% 5000)
      FROM generate_series($1, $2) AS i"""
          .replace("%%", "%");

  private static final List<String> EVENT_SHAPE =
      List.of(
          "id:int64",
          "user_id:int64",
          "event_type:string",
          "ts:timestamp",
          "amount:decimal",
          "engagement:float64",
          "data:string");

  private static final int WIDE = 60;

  /** Inserts of a hundred rows each. */
  static Workload events() {
    return new Workload("user_events", EVENTS, "", INSERT_EVENTS, 100, EVENT_SHAPE, false);
  }

  /** All rows in one transaction. */
  static Workload oneTransaction() {
    return new Workload("user_events", EVENTS, "", INSERT_EVENTS, 0, EVENT_SHAPE, false);
  }

  /** Every row updated, with the old row in the log. */
  static Workload fullUpdates() {
    return new Workload(
        "user_events",
        EVENTS + "; ALTER TABLE user_events REPLICA IDENTITY FULL",
        INSERT_EVENTS.replace("$1", "1").replace("$2", "%1$d").replace(" % ", " %% "),
        "UPDATE user_events SET amount = amount + 1, ts = now() WHERE id BETWEEN $1 AND $2",
        100,
        EVENT_SHAPE,
        true);
  }

  /** Sixty columns of the six usual types. */
  static Workload wide() {
    List<String> sql = List.of("bigint", "text", "integer", "numeric(12,2)", "float8", "boolean");
    List<String> connect = List.of("int64", "string", "int32", "decimal", "float64", "boolean");
    List<String> values =
        List.of("i", "'value ' || i", "i % 10000", "(i % 100000) / 100.0", "i / 3.0", "i % 2 = 0");
    String columns =
        IntStream.range(1, WIDE).mapToObj(n -> "c" + n).collect(Collectors.joining(", "));
    String selected =
        IntStream.range(1, WIDE).mapToObj(n -> values.get(n % 6)).collect(Collectors.joining(", "));
    String types =
        IntStream.range(1, WIDE)
            .mapToObj(n -> "c" + n + " " + sql.get(n % 6))
            .collect(Collectors.joining(", "));
    return new Workload(
        "wide",
        "CREATE TABLE wide (id bigserial PRIMARY KEY, " + types + ")",
        "",
        "INSERT INTO wide (%s) SELECT %s FROM generate_series($1, $2) AS i"
            .formatted(columns, selected),
        100,
        Stream.concat(
                Stream.of("id:int64"),
                IntStream.range(1, WIDE).mapToObj(n -> "c" + n + ":" + connect.get(n % 6)))
            .toList(),
        false);
  }
}
