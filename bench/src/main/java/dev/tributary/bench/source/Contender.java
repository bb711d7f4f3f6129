package dev.tributary.bench.source;

import dev.tributary.stack.PostgresServer;
import java.util.HashMap;
import java.util.Map;

/**
 * A source connector and its settings. Both read the same table in the same way.
 *
 * @param subject what figures call it
 * @param className its class
 * @param tuning what it is given beyond its defaults
 */
record Contender(String subject, String className, Map<String, String> tuning) {
  /** Ours, as it comes. */
  static final Contender TRIBUTARY =
      new Contender("tributary", "dev.tributary.postgres.PgLogicalSourceConnector", Map.of());

  /** Debezium with larger batches and queue, and a shorter pause between polls. */
  static final Contender DEBEZIUM =
      new Contender(
          "debezium",
          "io.debezium.connector.postgresql.PostgresConnector",
          Map.of("max.batch.size", "8192", "max.queue.size", "65536", "poll.interval.ms", "10"));

  /**
   * A config.
   *
   * @param prefix of the topic
   * @param more wins over what stands here
   */
  Map<String, String> config(
      PostgresServer server, String table, String prefix, String slot, Map<String, String> more) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", className);
    config.put("tasks.max", "1");
    config.put("database.hostname", server.host());
    config.put("database.port", Integer.toString(server.port()));
    config.put("database.user", server.user());
    config.put("database.password", server.password());
    config.put("database.dbname", server.database());
    config.put("plugin.name", "pgoutput");
    config.put("topic.prefix", prefix);
    config.put("slot.name", slot);
    config.put("publication.name", Database.PUBLICATION);
    config.put("publication.autocreate.mode", "disabled");
    config.put("table.include.list", "public." + table);
    config.put("snapshot.mode", "no_data");
    config.putAll(SourceLab.CONVERTERS);
    config.putAll(tuning);
    config.putAll(more);
    return config;
  }
}
