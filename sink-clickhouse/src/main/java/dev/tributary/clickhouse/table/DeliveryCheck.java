package dev.tributary.clickhouse.table;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, once for each table, what about it or the settings weakens exactly-once, and what to do
 * about it; it may be wanted, and so is no error.
 */
final class DeliveryCheck {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryCheck.class);

  private final ClickHouse server;
  private final SinkConfig config;
  private final Set<TableName> told = new HashSet<>();

  DeliveryCheck(ClickHouse server, SinkConfig config) {
    this.server = server;
    this.config = config;
  }

  /** Looks at a table that is appended to. */
  void look(Table table) {
    if (!told.add(table.name())) {
      return;
    }
    String name = table.name().sql();
    String engine = table.layout().engine();
    try {
      if (passesOn(engine)) {
        passesOn(name, engine);
      }
      if (!table.hasOffsets()) {
        LOG.warn(
            "Table {} has no columns _topic, _partition and _offset: rows are written at least once",
            name);
      } else if (!table.insertsInBlocks()) {
        LOG.warn(
            "Table {} is of engine {}, on which inserts cannot be guarded against others of the same"
                + " records",
            name,
            engine);
      } else {
        if (!table.insertsWhole()) {
          LOG.info(
              "Table {} is partitioned, so that an insert may be written in part; what is missing is"
                  + " found by its offsets",
              name);
        }
        remembers(table);
        replicates(name, engine);
      }
    } catch (RuntimeException e) {
      if (Faults.classify(e) == Fault.RETRY) {
        told.remove(table.name());
        throw e;
      }
      LOG.warn("What table {} does for delivery is not known: {}", name, Faults.describe(e));
    }
  }

  private static boolean passesOn(String engine) {
    return engine.equals("Distributed") || engine.equals("Buffer");
  }

  /** These answer an insert before its rows are in a table. */
  private void passesOn(String name, String engine) {
    if (engine.equals("Buffer")) {
      LOG.warn(
          "Table {} is of engine Buffer, which holds rows in memory: they are lost if the server ends."
              + " Write into the table behind it",
          name);
    } else if (!isOn("distributed_foreground_insert", "insert_distributed_sync")) {
      LOG.warn(
          "Table {} is of engine Distributed, and the server answers before rows are in their shards,"
              + " so that they may be lost: add distributed_foreground_insert=1 to '{}'",
          name,
          SinkConfig.CLICKHOUSE_SETTINGS);
    }
  }

  /** Whether a setting, of one name or an older one, is on, by the sink's settings or as it is. */
  private boolean isOn(String setting, String older) {
    Map<String, String> own = config.serverSettings();
    String value = own.getOrDefault(setting, own.get(older));
    if (value == null) {
      List<GenericRecord> rows =
          server.query("SELECT value FROM system.settings WHERE name = '" + setting + "'");
      value = rows.isEmpty() ? "0" : rows.get(0).getString("value");
    }
    return value.equals("1") || value.equalsIgnoreCase("true");
  }

  private void remembers(Table table) {
    Views views = Views.ask(server, table.name());
    if (views.exist() && !views.canBeFedAgain(false)) {
      LOG.warn(
          "Table {} has materialized views, and itself, or a table that they write into, remembers no"
              + " inserts: if a view fails, the task may have to stop and say which rows it lacks."
              + " Set it (ALTER TABLE ... MODIFY SETTING {} = 1000) on all of them",
          table.name().sql(),
          Window.settingOf(table.layout().engine()));
    } else if (!views.table().isThere() && !config.insertGuard()) {
      LOG.warn(
          "Table {} remembers no inserts and insert.guard is false: an insert that is made again while"
              + " it still runs writes rows twice. Set insert.guard to true, or ALTER TABLE {} MODIFY"
              + " SETTING {} = 1000",
          table.name().sql(),
          table.name().sql(),
          Window.settingOf(table.layout().engine()));
    }
  }

  private void replicates(String name, String engine) {
    if (Window.isReplicated(engine)
        && config.endpoints().size() > 1
        && !config.serverSettings().containsKey("insert_quorum")) {
      LOG.warn(
          "Table {} is replicated and '{}' names several hosts: rows that were written through one may"
              + " not be seen yet through another, and be written twice. Add"
              + " insert_quorum=auto,select_sequential_consistency=1 to '{}'",
          name,
          SinkConfig.HOSTNAME,
          SinkConfig.CLICKHOUSE_SETTINGS);
    }
  }
}
