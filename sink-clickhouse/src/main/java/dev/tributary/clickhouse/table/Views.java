package dev.tributary.clickhouse.table;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.types.Sql;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The materialized views that are fed by what is inserted into a table. The server writes the
 * table's own rows first: a view that fails then lacks them. The same insert made again under the
 * same token is dropped by the table's deduplication window, and still feeds the views, where a
 * window of the view's own table drops what it has. (ClickHouse documentation, Deduplicating
 * inserts on retries.)
 *
 * @param count how many there are
 * @param windowless how many of them write into a table without a deduplication window
 * @param dropsRepeats whether the table itself has a deduplication window
 */
public record Views(int count, int windowless, boolean dropsRepeats) {
  private static final Pattern WINDOW = Pattern.compile("replicated_deduplication_window = (\\d+)");

  /** Views are named in the table's row, the tables that they write into in their own statement. */
  static Views ask(ClickHouse server, TableName table) {
    List<GenericRecord> own =
        server.query(
            "SELECT engine, engine_full FROM system.tables WHERE database = "
                + Sql.literal(table.database())
                + " AND name = "
                + Sql.literal(table.table()));
    List<GenericRecord> targets =
        server.query(
            "SELECT engine, engine_full FROM (SELECT replaceAll(if(match(create_table_query,"
                + " '^CREATE MATERIALIZED VIEW [^(]* TO '), extract(create_table_query, ' TO"
                + " ([^ ]+)'), concat(database, '..inner_id.', toString(uuid))), '`', '') AS target"
                + " FROM system.tables WHERE (database, name) IN (SELECT"
                + " arrayJoin(arrayZip(dependencies_database, dependencies_table)) AS view FROM"
                + " system.tables WHERE database = "
                + Sql.literal(table.database())
                + " AND name = "
                + Sql.literal(table.table())
                + ")) AS views LEFT JOIN (SELECT concat(database, '.', name) AS target, engine,"
                + " engine_full FROM system.tables) AS tables USING (target)");
    int windowless = (int) targets.stream().filter(target -> !dropsRepeats(target)).count();
    return new Views(targets.size(), windowless, own.stream().anyMatch(Views::dropsRepeats));
  }

  private static boolean dropsRepeats(GenericRecord table) {
    return dropsRepeats(table.getString("engine"), table.getString("engine_full"));
  }

  /** Replicated tables have a window by default, others have none. */
  static boolean dropsRepeats(String engine, String fullEngine) {
    var window = WINDOW.matcher(fullEngine);
    return window.find()
        ? !window.group(1).equals("0")
        : engine.startsWith("Replicated") || engine.startsWith("Shared");
  }

  public boolean exist() {
    return count > 0;
  }

  /**
   * Whether an insert that failed at a view can be made again, and the views that did not fail do
   * not get its rows twice.
   */
  public boolean canBeFedAgain() {
    return dropsRepeats && (count == 1 || windowless == 0);
  }
}
