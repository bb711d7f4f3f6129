package dev.tributary.stack;

import java.util.Map;
import java.util.Optional;

/**
 * The environment variables that the stack looks at.
 *
 * @param variables all of them, by name
 */
record Environment(Map<String, String> variables) {
  static final String POSTGRES = "TRIBUTARY_POSTGRES_URL";
  static final String POSTGRES_HOME = "TRIBUTARY_POSTGRES_HOME";
  static final String REDIS = "TRIBUTARY_REDIS_URL";
  static final String REDIS_PROGRAM = "TRIBUTARY_REDIS_PROGRAM";
  static final String CLICKHOUSE = "TRIBUTARY_CLICKHOUSE_URL";
  static final String KAFKA = "TRIBUTARY_KAFKA";

  Environment {
    variables = Map.copyOf(variables);
  }

  static Environment ofThisProcess() {
    return new Environment(System.getenv());
  }

  /** The variable's value; empty where it is not set or blank. */
  Optional<String> get(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }
}
