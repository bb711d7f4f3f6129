package dev.tributary.clickhouse.table;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.types.Sql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The materialized views that are fed by what is inserted into a table, those on the tables that
 * they write into among them. The server writes the table's own rows first: a view that fails then
 * lacks them. The same insert made again under the same token is dropped by the table's
 * deduplication window, and still feeds the views, where the windows of the views' own tables drop
 * what they have. (ClickHouse documentation, Deduplicating inserts on retries.)
 *
 * @param count how many there are
 * @param table how far back the table itself remembers inserts
 * @param targets how far back all tables do that views write into
 * @param oneBlock whether each of those is written as a whole or not at all
 */
public record Views(int count, Window table, Window targets, boolean oneBlock) {
  private static final String NAME = "(`(?:[^`\\\\]|\\\\.)*`|\\w+)";

  /** {@code CREATE MATERIALIZED VIEW database.view [...] TO database.table (columns) AS ...} */
  private static final Pattern TARGET =
      Pattern.compile(
          "^CREATE MATERIALIZED VIEW %1$s\\.%1$s(?: [A-Z][^(`]*)? TO %1$s\\.%1$s".formatted(NAME));

  static Views ask(ClickHouse server, TableName table) {
    Map<String, Long> defaults = windowsByDefault(server);
    Set<TableName> known = new HashSet<>(Set.of(table));
    List<TableName> next = List.of(table);
    int count = 0;
    Window own = Window.NONE;
    Window targets = new Window(Long.MAX_VALUE, Long.MAX_VALUE);
    boolean oneBlock = true;
    while (!next.isEmpty()) {
      List<TableName> found = new ArrayList<>();
      List<GenericRecord> rows = rows(server, next);
      if (rows.size() < next.size()) {
        // one that the user may not see, or that is gone
        targets = Window.NONE;
      }
      for (GenericRecord row : rows) {
        String engine = row.getString("engine");
        TableName name = new TableName(row.getString("database"), row.getString("name"));
        if (engine.equals("MaterializedView")) {
          count++;
          found.add(target(row, name));
          continue;
        }
        found.addAll(viewsOn(row));
        Window window = Window.of(engine, row.getString("engine_full"), defaults);
        if (name.equals(table)) {
          // blocks of replicated tables are numbered in each of the table's partitions
          boolean countable =
              !Window.isReplicated(engine) || row.getString("partition_key").isEmpty();
          own = countable ? window : Window.NONE;
        } else {
          targets = targets.and(window);
          oneBlock &= new Table.Layout(engine, "", row.getString("partition_key")).insertsWhole();
        }
      }
      next = found.stream().filter(known::add).toList();
    }
    return new Views(count, own, targets, oneBlock);
  }

  private static Map<String, Long> windowsByDefault(ClickHouse server) {
    Map<String, Long> defaults = new HashMap<>();
    server
        .query(
            "SELECT name, value FROM system.merge_tree_settings WHERE name = "
                + Sql.literal(Window.PLAIN)
                + " UNION ALL SELECT name, value FROM system.replicated_merge_tree_settings WHERE"
                + " name IN ("
                + Sql.literal(Window.REPLICATED)
                + ", "
                + Sql.literal(Window.REPLICATED_SECONDS)
                + ")")
        .forEach(row -> defaults.put(row.getString("name"), Long.valueOf(row.getString("value"))));
    return defaults;
  }

  private static List<GenericRecord> rows(ClickHouse server, List<TableName> tables) {
    return server.query(
        "SELECT database, name, engine, engine_full, partition_key, create_table_query,"
            + " toString(uuid) AS id, dependencies_database, dependencies_table FROM system.tables"
            + " WHERE (database, name) IN ("
            + tables.stream()
                .map(
                    each ->
                        "(" + Sql.literal(each.database()) + ", " + Sql.literal(each.table()) + ")")
                .collect(Collectors.joining(", "))
            + ")");
  }

  private static List<TableName> viewsOn(GenericRecord table) {
    List<String> databases = table.getList("dependencies_database");
    List<String> names = table.getList("dependencies_table");
    List<TableName> views = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      views.add(new TableName(databases.get(i), names.get(i)));
    }
    return views;
  }

  /** The table that a view writes into: one that it names, or one of its own. */
  private static TableName target(GenericRecord view, TableName name) {
    return target(view.getString("create_table_query"), view.getString("id"), name);
  }

  static TableName target(String statement, String id, TableName view) {
    Matcher named = TARGET.matcher(statement);
    if (named.find()) {
      return new TableName(bare(named.group(3)), bare(named.group(4)));
    }
    boolean nameless = id.matches("[0-]*");
    return new TableName(view.database(), nameless ? ".inner." + view.table() : ".inner_id." + id);
  }

  private static String bare(String name) {
    return name.startsWith("`")
        ? name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1")
        : name;
  }

  /** Whether there are any. */
  public boolean exist() {
    return count > 0;
  }

  /**
   * Whether an insert that failed at a view can be made again, and no view gets its rows twice.
   *
   * @param told whether the server has told of every attempt that it failed
   */
  public boolean canBeFedAgain(boolean told) {
    boolean one = count == 1 && oneBlock;
    return table.isThere() && (targets.isThere() || (one && told));
  }

  /** How far back all tables remember inserts that remember any. */
  public Window window() {
    return targets.isThere() ? table.and(targets) : table;
  }
}
