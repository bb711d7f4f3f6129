package dev.tributary.bench.prebuilt;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;

/** One task that emits so many records of a shape, and then nothing. */
public final class PrebuiltSourceConnector extends SourceConnector {
  static final String TOPIC = "topic";
  static final String RECORDS = "records";
  static final String COLUMNS = "columns";
  static final String BEFORE = "before";

  static final ConfigDef CONFIG_DEF =
      new ConfigDef()
          .define(TOPIC, ConfigDef.Type.STRING, Importance.HIGH, "Topic of the records.")
          .define(RECORDS, ConfigDef.Type.LONG, Importance.HIGH, "How many to emit.")
          .define(
              COLUMNS,
              ConfigDef.Type.LIST,
              Importance.HIGH,
              "Columns of the row, as name:type with one of the types int64, int32, float64,"
                  + " boolean, string, decimal, timestamp; the first is the key.")
          .define(
              BEFORE,
              ConfigDef.Type.BOOLEAN,
              false,
              Importance.LOW,
              "Updates that carry the row before too, in place of inserts.");

  private Map<String, String> config;

  @Override
  public void start(Map<String, String> properties) {
    config = Map.copyOf(properties);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return PrebuiltSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(config);
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return CONFIG_DEF;
  }

  @Override
  public String version() {
    return "1";
  }
}
