package dev.tributary.postgres;

import dev.tributary.common.Versions;
import dev.tributary.postgres.config.ColumnRules;
import dev.tributary.postgres.config.CompatibleKeys;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.replication.ServerChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams the changes of a Postgres database through logical replication. The records, the settings
 * and the topics are those of Debezium's connector for Postgres.
 */
public final class PgLogicalSourceConnector extends SourceConnector {
  private static final Logger log = LoggerFactory.getLogger(PgLogicalSourceConnector.class);

  private Map<String, String> properties = Map.of();

  @Override
  public String version() {
    return Versions.of(PgLogicalSourceConnector.class);
  }

  @Override
  public void start(Map<String, String> given) {
    CompatibleKeys.warnings(given).forEach(log::warn);
    Map<String, String> refused = CompatibleKeys.refused(given);
    if (!refused.isEmpty()) {
      throw new ConfigException(String.join("; ", refused.values()));
    }
    PgSourceConfig checked = new PgSourceConfig(given);
    properties = Map.copyOf(checked.originalsStrings());
  }

  @Override
  public Class<? extends Task> taskClass() {
    return PgLogicalSourceTask.class;
  }

  /** One task, however many are allowed: a slot is one stream. */
  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(properties);
  }

  @Override
  public void stop() {
    properties = Map.of();
  }

  @Override
  public ConfigDef config() {
    return PgSourceConfig.CONFIG_DEF;
  }

  /** Checks the settings, and if they are sound, connects and checks the server. */
  @Override
  public Config validate(Map<String, String> given) {
    Config result = super.validate(CompatibleKeys.renamed(given));
    CompatibleKeys.refused(given).forEach((key, message) -> report(result, key, message));
    if (result.configValues().stream().anyMatch(value -> !value.errorMessages().isEmpty())) {
      PgSourceConfig.ofConnection(given)
          .ifPresent(config -> recommend(result, new ServerChecks(config).recommended()));
      return result;
    }
    PgSourceConfig config;
    try {
      config = new PgSourceConfig(given);
    } catch (PgSourceConfig.ContradictionException e) {
      report(result, e.key(), e.getMessage());
      return result;
    } catch (ColumnRules.InvalidRuleException e) {
      report(result, e.key(), e.getMessage());
      return result;
    }
    ServerChecks.Findings findings = new ServerChecks(config).probe();
    findings.problems().forEach(problem -> report(result, problem.key(), problem.message()));
    recommend(result, findings.recommended());
    return result;
  }

  private static void recommend(Config config, Map<String, List<Object>> values) {
    for (ConfigValue value : config.configValues()) {
      if (values.containsKey(value.name())) {
        value.recommendedValues(values.get(value.name()));
      }
    }
  }

  private static void report(Config config, String key, String message) {
    for (ConfigValue value : config.configValues()) {
      if (value.name().equals(key)) {
        value.addErrorMessage(message);
        return;
      }
    }
    config
        .configValues()
        .add(new ConfigValue(key, null, List.of(), new ArrayList<>(List.of(message))));
  }

  /** Kafka transactions end where transactions of Postgres do. */
  @Override
  public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> given) {
    return ConnectorTransactionBoundaries.SUPPORTED;
  }

  /** Every record carries the position behind it, and a batch never cuts a change. */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> given) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
    new OffsetChecks(new PgSourceConfig(config)).check(offsets);
    return true;
  }
}
