package dev.tributary.postgres;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A type that {@link RandomWorkload} makes columns of.
 *
 * @param sql how a column is declared
 * @param values what is put into it, as text: ordinary values and those at the edge
 * @param defaults expressions for its DEFAULT; may be empty
 */
record RandomType(String sql, List<String> values, List<String> defaults) {
  /** What the types need in a database. */
  static final String PREPARATION =
      """
      create extension hstore; create extension ltree; create extension citext;
      create type mood as enum ('sad', 'it''s "ok"', 'a,b', 'é');
      create domain whole as int; create domain label as varchar(12) not null default 'q';
      create domain price as numeric(10,2); create domain instant as timestamp(3);
      create domain feeling as mood;
      """;

  private static final String LONG_NUMBER = "-12345678901234567890123456789012345678901234567890";

  /** Of an array of these that has a NULL, Debezium makes NULL, or stops. */
  private static final List<String> WITHOUT_NULLS = List.of("mood", "tsvector", "ltree");

  /** What Debezium writes in another way in a snapshot, by way of Java's older calendar. */
  private static final String[] NOT_IN_SNAPSHOTS = {"BC", "1582", "infinity"};

  RandomType {
    values = List.copyOf(values);
    defaults = List.copyOf(defaults);
  }

  private static RandomType type(String sql, String... values) {
    return new RandomType(sql, List.of(values), List.of());
  }

  private RandomType or(String... expressions) {
    return new RandomType(sql, values, List.of(expressions));
  }

  /** An array of these, with NULLs and without; of times, those that Debezium gets right. */
  private RandomType array() {
    List<String> scalars =
        without("BC", "infinity", "1582", "24:00", "59.9", "12026", "456789").values();
    boolean nulls = !WITHOUT_NULLS.contains(sql);
    List<String> arrays = new ArrayList<>(List.of("{}", nulls ? "{NULL}" : "{}"));
    for (String value : scalars) {
      arrays.add("{" + element(value) + "}");
    }
    arrays.add(
        "{" + element(scalars.get(0)) + (nulls ? ",NULL," : ",") + element(scalars.get(1)) + "}");
    return new RandomType(sql + "[]", arrays, List.of("'{}'", "null"));
  }

  private static String element(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The values for a snapshot. */
  List<String> snapshotValues() {
    return without(NOT_IN_SNAPSHOTS).values();
  }

  /** The same type with only the values that do not contain one of these. */
  RandomType without(String... parts) {
    return new RandomType(
        sql,
        values.stream().filter(value -> Arrays.stream(parts).noneMatch(value::contains)).toList(),
        defaults);
  }

  static List<RandomType> all() {
    List<RandomType> all = new ArrayList<>();
    numbers(all);
    texts(all);
    times(all);
    others(all);
    for (RandomType scalar : List.copyOf(all)) {
      if (hasArray(scalar.sql())) {
        all.add(scalar.array());
      }
    }
    return all;
  }

  /** Debezium leaves out the arrays of the others, or writes them as NULL. */
  private static boolean hasArray(String sql) {
    return List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "oid",
            "float4",
            "float8",
            "text",
            "varchar(10)",
            "char(5)",
            "citext",
            "uuid",
            "json",
            "jsonb",
            "bytea",
            "date",
            "time",
            "timestamp",
            "timestamp(3)",
            "timestamptz",
            "timetz",
            "mood",
            "inet",
            "cidr",
            "macaddr",
            "ltree",
            "hstore",
            "tsvector",
            "int4range",
            "tstzrange")
        .contains(sql);
  }

  private static void numbers(List<RandomType> all) {
    all.add(type("bool", "t", "f").or("true", "false"));
    all.add(type("int2", "0", "-32768", "32767").or("7", "'-3'"));
    all.add(type("int4", "0", "-2147483648", "2147483647").or("42", "-5", "2 + 3"));
    all.add(
        type("int8", "-9223372036854775808", "9223372036854775807", "1").or("0", "12345678901"));
    all.add(type("oid", "0", "4294967295"));
    all.add(
        type("float4", "NaN", "Infinity", "-Infinity", "-0", "3.4028235e38", "1e-45", "0.1")
            .or("1.5", "0"));
    all.add(
        type("float8", "NaN", "Infinity", "-Infinity", "-0", "1.7976931348623157e308", "5e-324")
            .or("-1.5", "1e10"));
    all.add(
        type("numeric", LONG_NUMBER + ".123456789", "0", "0.000", "1e100", "1e-100", "-1.50")
            .or("1.25", "0", "-3"));
    all.add(type("numeric(12,2)", "-1234567890.12", "0", "9999999999.99", "0.005").or("1.5", "0"));
    all.add(type("numeric(5)", "99999", "-0.4", "0").or("5"));
    all.add(type("numeric(60,20)", LONG_NUMBER.substring(0, 38) + ".12345678901234567890", "1"));
    all.add(type("numeric(3,5)", "0.00999", "-0.00001", "0"));
    all.add(type("money", "-$1,234.56", "92233720368547758.07", "-92233720368547758.08", "0"));
    all.add(type("whole", "0", "-2147483648").or("3"));
    all.add(type("price", "-12345678.90", "0").or("1.5"));
    all.add(type("bit", "0", "1").or("B'1'"));
    all.add(type("bit(3)", "101", "000").or("B'101'"));
    all.add(type("bit(64)", "1" + "0".repeat(62) + "1", "0".repeat(64)));
    all.add(type("varbit(70)", "", "1", "0".repeat(9), "1".repeat(70)));
    all.add(type("varbit", "", "10101", "1".repeat(33)));
  }

  private static void texts(List<RandomType> all) {
    all.add(
        type("text", "", "a", "it's \"quoted\" \\ back\ttab\nline", "ü€😀", "null", "{}")
            .or("'x'", "'it''s'", "null", "upper('a')", "current_user"));
    all.add(type("varchar(10)", "", "0123456789", "ü€😀", "  x  ").or("'ab'"));
    all.add(type("char(5)", "", "abcde", "ü", "a b").or("'ab'"));
    all.add(type("citext", "AbC", "").or("'Q'"));
    all.add(type("\"char\"", "c", "Z"));
    all.add(type("label", "a", "").or("'z'"));
    all.add(type("bytea", "\\x", "\\x00ff", "\\xdeadbeef").or("'\\x0102'"));
    all.add(
        type("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000")
            .or("gen_random_uuid()", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"));
    all.add(type("json", "{\"a\" : [1, null, \"\\u00e9\"]}", "null", "\"x\"", "1e400").or("'{}'"));
    all.add(type("jsonb", "{\"b\":  2, \"a\": {\"c\": []}}", "null", "0.10").or("'[]'"));
    all.add(type("xml", "<a b=\"c\">é&lt;</a>", "text"));
    all.add(type("mood", "sad", "it's \"ok\"", "a,b", "é").or("'sad'"));
    all.add(type("feeling", "sad", "a,b"));
    all.add(type("ltree", "a.b.c", "A_1"));
    all.add(type("tsvector", "a:1 b:2A 'c d'", ""));
    all.add(type("hstore", "a=>1, \"b c\"=>NULL, \"q\\\"x\"=>\"y\\\\z\"", "", "é=>\"\""));
  }

  private static void times(List<RandomType> all) {
    all.add(
        type(
                "date",
                "2026-02-03",
                "infinity",
                "-infinity",
                "1969-12-31",
                "0044-03-15 BC",
                "1582-10-10",
                "9999-12-31",
                "12026-01-01")
            .or("'2020-01-02'", "current_date", "now()"));
    String[] clock = {"00:00", "23:59:59.999999", "01:02:03.456789", "24:00:00", "12:00:00.5"};
    for (String time : List.of("time", "time(0)", "time(1)", "time(3)", "time(4)")) {
      all.add(type(time, clock).or("'10:11:12'", "now()"));
    }
    all.add(type("timetz", "10:20:30.123456+05:30", "00:00+00", "23:59:59.999999-12", "1:2:3+15"));
    all.add(type("timetz(2)", "10:20:30.123456+05:30", "12:00+00"));
    String[] moments = {
      "2026-01-02 03:04:05.678901",
      "infinity",
      "-infinity",
      "1969-12-31 23:59:59.999999",
      "0044-03-15 01:02:03.5 BC",
      "1582-10-10 00:00:00",
      "9999-12-31 23:59:59.999999",
      "12026-01-01 00:00:00.5",
      "2024-02-29 12:00:00"
    };
    for (String stamp :
        List.of("timestamp", "timestamp(0)", "timestamp(2)", "timestamp(3)", "timestamp(6)")) {
      all.add(type(stamp, moments).or("'2020-01-02 03:04:05.123'", "now()", "localtimestamp"));
    }
    all.add(type("timestamptz", moments).or("now()", "'2020-01-02 03:04:05.1Z'"));
    all.add(type("timestamptz(1)", moments).or("current_timestamp"));
    all.add(type("instant", moments));
    all.add(
        type(
                "interval",
                "1 year 2 mons 3 days 04:05:06.789012",
                "-1 mon -2 days -3:00:00.5",
                "0",
                "1 mon",
                "-00:00:00.000001",
                "100 years 25:00:00")
            .or("'1 day'"));
  }

  private static void others(List<RandomType> all) {
    all.add(type("inet", "10.0.0.1/24", "::1", "192.168.0.1"));
    all.add(type("cidr", "10.0.0.0/8", "2001:db8::/32"));
    all.add(type("macaddr", "08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff"));
    all.add(type("macaddr8", "08:00:2b:01:02:03:04:05"));
    all.add(type("point", "(1.5,-2)", "(NaN,Infinity)", "(0,0)"));
    all.add(type("line", "{1,2,3}", "{0,1,-5}"));
    all.add(type("lseg", "[(1,2),(3,4)]"));
    all.add(type("box", "((1,2),(3,4))"));
    all.add(type("path", "[(1,2),(3,4),(5,6)]", "((1,2),(3,4))"));
    all.add(type("polygon", "((1,2),(3,4),(5,6))", "((0,0),(0,1),(1,1),(0,0))"));
    all.add(type("circle", "<(1,2),3>", "<(0,0),0>"));
    all.add(type("int4range", "[1,5)", "empty", "(,5]", "(,)"));
    all.add(type("int8range", "[1,9223372036854775806]", "empty"));
    all.add(type("numrange", "[1.5,2]", "(,)"));
    all.add(type("tsrange", "[2020-01-01,2021-01-01)", "(,infinity]"));
    all.add(type("tstzrange", "[2020-01-01+02,2021-01-01)", "empty"));
    all.add(type("daterange", "[2020-01-01,2021-01-01]", "(,)"));
  }
}
