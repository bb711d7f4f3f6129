package dev.tributary.postgres;

import dev.tributary.postgres.catalog.Identifiers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Tables, rows and changes made by chance, the same ones for the same seed: columns of any type,
 * keys of any shape, every replica identity, and transactions of two sessions that overlap. Each
 * session changes rows of its own, so that neither waits for the other.
 */
final class RandomWorkload {
  private static final int SESSIONS = 2;
  private static final int BLOCKS = 45;
  private static final List<String> TEXTS = List.of("text", "varchar(10)", "char(5)");

  /** Between a query and what copies its rows: the table, its columns and FROM STDIN. */
  static final String THEN_COPY = ";\ncopy ";

  private static final List<String> NAMES = List.of("t0", "Tab 1", "t\"2", "né_3", "t.4", "T5");

  private final Random random;
  private final Map<String, String> settings;
  private final List<RandomType> types;
  private final List<Table> tables = new ArrayList<>();
  private final StringBuilder before = new StringBuilder(RandomType.PREPARATION);
  private final List<Step> steps = new ArrayList<>();
  private int next = 1;
  private boolean snapshot = true; // whether the rows are for it

  /** SQL of one of the sessions. */
  record Step(int session, String sql) {
    @Override
    public String toString() {
      return "/* session " + session + " */ " + sql;
    }
  }

  private enum Identity {
    DEFAULT,
    FULL,
    NOTHING,
    INDEX
  }

  private record Column(String name, RandomType type, boolean notNull, String defaultExpression) {
    String declaration() {
      return Identifiers.quote(name)
          + " "
          + type.sql()
          + (notNull ? " not null" : "")
          + (defaultExpression == null ? "" : " default " + defaultExpression);
    }
  }

  /**
   * @param key columns whose values are never the same twice, and perhaps one more
   * @param rows the numbers ({@code rid}) of the rows, by session
   * @param changes whether rows may be updated and deleted
   */
  private record Table(
      String name,
      List<Column> key,
      List<Column> columns,
      List<TreeSet<Integer>> rows,
      boolean changes) {
    String quoted() {
      return Identifiers.quote(name);
    }

    Table copy() {
      return new Table(name, key, columns, rows.stream().map(TreeSet::new).toList(), changes);
    }
  }

  RandomWorkload(long seed) {
    random = new Random(seed);
    settings = RandomSettings.of(random);
    types = RandomSettings.fitting(RandomType.all(), settings);
    for (int i = 0; i < 2 + random.nextInt(3); i++) {
      tables.add(table(NAMES.get(i)));
    }
    String first = tables.stream().map(Table::name).min(String::compareTo).orElseThrow();
    for (Table table : tables) {
      // Debezium marks no record as the first where the first table is empty
      for (int i = random.nextInt(4) + (table.name().equals(first) ? 1 : 0); i > 0; i--) {
        before.append(insert(table, i % SESSIONS)).append(";\n");
      }
    }
    snapshot = false;
    for (int i = 0; i < BLOCKS; i++) {
      block();
    }
  }

  /** Of both connectors. */
  Map<String, String> settings() {
    return settings;
  }

  /** Makes the tables, and the rows for the snapshot. */
  String before() {
    return before.toString();
  }

  /** What is done while they stream, one after the other. */
  List<Step> steps() {
    return steps;
  }

  /** All of it, to be read. */
  @Override
  public String toString() {
    return before
        + "\n"
        + steps.stream().map(Step::toString).collect(Collectors.joining(";\n", "", ";\n"));
  }

  // ---- tables

  private Table table(String name) {
    List<Column> key = new ArrayList<>();
    int shape = random.nextInt(5); // none, an index, or a primary key of one, two or three
    for (int i = 0; i < (shape < 2 ? shape : shape - 1); i++) {
      key.add(new Column("k" + i, pick(keyTypes()), true, null));
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 2 + random.nextInt(9); i > 0; i--) {
      columns.add(column(columns.size()));
    }
    if (random.nextInt(3) > 0) {
      columns.add(
          new Column("big", new RandomType(pick(bigTypes()), List.of(), List.of()), false, null));
    }
    Collections.shuffle(columns, random);
    Identity identity =
        switch (random.nextInt(6)) {
          case 0 -> Identity.FULL;
          case 1 -> Identity.NOTHING;
          case 2, 3 -> shape > 0 ? Identity.INDEX : Identity.FULL;
          default -> Identity.DEFAULT;
        };
    boolean changes =
        identity == Identity.FULL
            || identity == Identity.INDEX
            || (identity == Identity.DEFAULT && shape >= 2);
    Table table = new Table(name, key, columns, List.of(new TreeSet<>(), new TreeSet<>()), changes);
    declare(table, shape, identity);
    return table;
  }

  /** Debezium writes NULL for bytes in base64 that were not sent. */
  private List<String> bigTypes() {
    return settings.getOrDefault("binary.handling.mode", "").startsWith("base64")
        ? List.of("text", "jsonb", "text[]", "int8[]")
        : List.of("text", "bytea", "jsonb", "text[]", "int8[]");
  }

  private static List<RandomType> keyTypes() {
    return RandomType.all().stream()
        .filter(
            type ->
                List.of("int4", "int8", "text", "uuid", "varchar(10)", "numeric", "bytea", "date")
                    .contains(type.sql()))
        .toList();
  }

  private Column column(int number) {
    RandomType type = pick(types);
    String name = (TEXTS.contains(type.sql()) ? "s" : "c") + number;
    boolean notNull = random.nextInt(3) == 0 && RandomSettings.mayBeNotNull(type, settings);
    String expression =
        random.nextInt(3) == 0 && !type.defaults().isEmpty() ? pick(type.defaults()) : null;
    return new Column(
        name, type, notNull, "null".equals(expression) && notNull ? null : expression);
  }

  private void declare(Table table, int shape, Identity identity) {
    List<String> parts = new ArrayList<>();
    List<Column> all = new ArrayList<>(table.columns());
    all.addAll(table.key());
    Collections.shuffle(all, random);
    all.forEach(column -> parts.add(column.declaration()));
    parts.add("rid int not null");
    String index = Identifiers.quote(table.name() + " key");
    List<Column> ordered = new ArrayList<>(table.key());
    Collections.shuffle(ordered, random);
    String keyNames =
        ordered.stream().map(c -> Identifiers.quote(c.name())).collect(Collectors.joining(", "));
    if (shape >= 2) {
      parts.add("constraint " + index + " primary key (" + keyNames + ")");
    }
    sql("create table " + table.quoted() + "(" + String.join(", ", parts) + ")");
    if (shape == 1) {
      sql("create unique index " + index + " on " + table.quoted() + "(" + keyNames + ")");
    }
    table.columns().stream()
        .filter(column -> column.name().equals("big"))
        .forEach(
            column ->
                sql("alter table " + table.quoted() + " alter column big set storage external"));
    String of =
        switch (identity) {
          case INDEX -> "using index " + index;
          default -> identity.name();
        };
    sql("alter table " + table.quoted() + " replica identity " + of);
  }

  private void sql(String statement) {
    before.append(statement).append(";\n");
  }

  // ---- changes

  private void block() {
    int session = random.nextInt(SESSIONS);
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> steps.add(new Step(session, change(session)));
      case 3 -> steps.add(new Step(session, copy(session)));
      case 4, 5 -> transaction(session).forEach(sql -> steps.add(new Step(session, sql)));
      case 6, 7 -> overlapping();
      default -> alone(session);
    }
  }

  /** Changes of one transaction; the last one ends it. */
  private List<String> transaction(int session) {
    List<Table> saved = tables.stream().map(Table::copy).toList();
    List<String> sql = new ArrayList<>(List.of("begin"));
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> {
          sql.add("savepoint s");
          List<Table> inner = tables.stream().map(Table::copy).toList();
          for (int j = 1 + random.nextInt(3); j > 0; j--) {
            sql.add(change(session));
          }
          if (random.nextBoolean()) {
            sql.add("rollback to s");
            restore(inner, session);
          } else {
            sql.add("release s");
          }
        }
        case 1 -> sql.add(message(true));
        case 2 -> sql.add(copy(session));
        default -> sql.add(change(session));
      }
    }
    if (random.nextInt(6) == 0) {
      sql.add("rollback");
      restore(saved, session);
    } else {
      sql.add("commit");
    }
    return sql;
  }

  private void restore(List<Table> saved, int session) {
    for (int i = 0; i < tables.size(); i++) {
      TreeSet<Integer> rows = tables.get(i).rows().get(session);
      rows.clear();
      rows.addAll(saved.get(i).rows().get(session));
    }
  }

  /** Two transactions, the steps of which alternate by chance. */
  private void overlapping() {
    List<List<String>> both = new ArrayList<>();
    for (int session = 0; session < SESSIONS; session++) {
      both.add(transaction(session));
    }
    int[] at = new int[SESSIONS];
    while (at[0] < both.get(0).size() || at[1] < both.get(1).size()) {
      int session = random.nextInt(SESSIONS);
      if (at[session] < both.get(session).size()) {
        steps.add(new Step(session, both.get(session).get(at[session]++)));
      }
    }
  }

  /** What no other transaction may be open for, or is in none. */
  private void alone(int session) {
    if (random.nextBoolean()) {
      steps.add(new Step(session, message(random.nextBoolean())));
      return;
    }
    List<Table> emptied =
        tables.stream().filter(table -> random.nextInt(tables.size()) == 0).toList();
    if (emptied.isEmpty()) {
      return;
    }
    emptied.forEach(table -> table.rows().forEach(TreeSet::clear));
    String names = emptied.stream().map(Table::quoted).collect(Collectors.joining(", "));
    String restart = random.nextBoolean() ? " restart identity cascade" : "";
    steps.add(
        new Step(
            session, "begin; " + change(session) + "; truncate " + names + restart + "; commit"));
    emptied.forEach(table -> table.rows().forEach(TreeSet::clear));
  }

  private String message(boolean transactional) {
    String prefix = pick(List.of("pfx", "other", "é"));
    String content = pick(List.of("", "content", "ü€😀", "it''s"));
    return "select pg_logical_emit_message(%s, '%s', '%s')"
        .formatted(transactional, prefix, content);
  }

  private String change(int session) {
    Table table = pick(tables);
    TreeSet<Integer> rows = table.rows().get(session);
    if (rows.isEmpty() || !table.changes()) {
      return insert(table, session);
    }
    int row = new ArrayList<>(rows).get(random.nextInt(rows.size()));
    return switch (random.nextInt(8)) {
      case 0, 1 -> insert(table, session);
      case 2 -> {
        rows.remove(row);
        yield "delete from " + table.quoted() + " where rid = " + row;
      }
      case 3 -> update(table, "rid = rid", row);
      case 4 ->
          table.key().isEmpty()
              ? update(table, assignment(pick(table.columns())), row)
              : newKey(table, row);
      case 5 -> update(table, assignments(table, 1), row) + " or rid = " + rows.first();
      default -> update(table, assignments(table, 1 + random.nextInt(3)), row);
    };
  }

  private String newKey(Table table, int row) {
    Column column = pick(table.key());
    String assigned = Identifiers.quote(column.name()) + " = " + unique(column.type().sql());
    return update(
        table, random.nextBoolean() ? assigned : assigned + ", " + assignments(table, 1), row);
  }

  private static String update(Table table, String assignments, int row) {
    return "update " + table.quoted() + " set " + assignments + " where rid = " + row;
  }

  private String assignments(Table table, int count) {
    List<Column> columns = new ArrayList<>(table.columns());
    Collections.shuffle(columns, random);
    return columns.stream().limit(count).map(this::assignment).collect(Collectors.joining(", "));
  }

  private String assignment(Column column) {
    return Identifiers.quote(column.name()) + " = " + value(column);
  }

  private String insert(Table table, int session) {
    List<Column> columns = new ArrayList<>(table.key());
    columns.addAll(table.columns());
    List<String> rows = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int row = next++ * SESSIONS + session;
      table.rows().get(session).add(row);
      List<String> values = new ArrayList<>(List.of(Integer.toString(row)));
      table.key().forEach(column -> values.add(unique(column.type().sql())));
      table.columns().forEach(column -> values.add(value(column)));
      rows.add("(" + String.join(", ", values) + ")");
    }
    return "insert into "
        + table.quoted()
        + "(rid"
        + names(columns)
        + ") values "
        + String.join(", ", rows);
  }

  /** Rows of which several have one position in the log, since they are written at once. */
  private String copy(int session) {
    Table table = pick(tables);
    List<Column> columns = new ArrayList<>(table.key());
    columns.addAll(table.columns());
    List<String> rows = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      int row = next++ * SESSIONS + session;
      table.rows().get(session).add(row);
      List<String> values = new ArrayList<>(List.of(Integer.toString(row)));
      table.key().forEach(column -> values.add(unique(column.type().sql())));
      for (Column column : table.columns()) {
        String value = value(column);
        String known = value.equals("default") ? column.defaultExpression() : value;
        values.add("(" + known + ")::" + column.type().sql());
      }
      rows.add("select " + String.join(", ", values));
    }
    return String.join(" union all ", rows)
        + THEN_COPY
        + table.quoted()
        + "(rid"
        + names(columns)
        + ") from stdin";
  }

  private static String names(List<Column> columns) {
    return columns.stream()
        .map(column -> ", " + Identifiers.quote(column.name()))
        .collect(Collectors.joining());
  }

  private String value(Column column) {
    if (column.name().equals("big")) {
      return random.nextInt(4) == 0 ? "null" : big(column.type().sql());
    }
    boolean nullable = !column.notNull() && !column.type().sql().equals("label");
    if (nullable && random.nextInt(4) == 0) {
      return "null";
    }
    if (column.defaultExpression() != null && random.nextInt(5) == 0) {
      return "default";
    }
    RandomType type = column.type();
    return Identifiers.literal(pick(snapshot ? type.snapshotValues() : type.values()));
  }

  /** A value that the server stores out of line, and small ones for a change. */
  private String big(String type) {
    int size = random.nextInt(3) == 0 ? 3 : 3000 + random.nextInt(3000);
    return switch (type) {
      case "text" -> "repeat('é', " + size + ")";
      case "bytea" -> "decode(repeat('0aff', " + size + "), 'hex')";
      case "jsonb" -> "to_jsonb(repeat('j', " + size + "))";
      case "text[]" -> "array_fill('x'::text, array[" + size + "])";
      default -> "array_fill(9::int8, array[" + size + "])";
    };
  }

  /** A value that no other row has. */
  private String unique(String type) {
    int number = next++;
    return switch (type) {
      case "int4", "int8" -> Integer.toString(random.nextBoolean() ? number : -number);
      case "text" -> "'ü " + number + "'";
      case "varchar(10)" -> "'v" + number + "'";
      case "uuid" -> "'00000000-0000-0000-0000-%012d'".formatted(number);
      case "numeric" -> number + ".50";
      case "bytea" -> "'\\x%08x'".formatted(number);
      case "date" -> "date '2000-01-01' + " + number;
      default -> throw new IllegalArgumentException(type);
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
