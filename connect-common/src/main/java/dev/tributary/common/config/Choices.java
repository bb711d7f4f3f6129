package dev.tributary.common.config;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Offers the values of a key to user interfaces; whether others are let pass is the validator's.
 */
public record Choices(List<Object> values) implements ConfigDef.Recommender {
  public Choices {
    values = List.copyOf(values);
  }

  /** Those of a switch. */
  public static Choices onOrOff() {
    return new Choices(List.of(true, false));
  }

  @Override
  public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
    return values;
  }

  @Override
  public boolean visible(String name, Map<String, Object> parsedConfig) {
    return true;
  }
}
