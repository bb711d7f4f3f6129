package dev.tributary.postgres.config;

import org.apache.kafka.common.config.ConfigDef;

/** What is done when the server cannot be reached. */
public final class RetryKeys {
  public static final String MAX_RETRIES = "errors.max.retries";
  public static final String RETRY_INITIAL = "errors.retry.delay.initial.ms";
  public static final String RETRY_MAX = "errors.retry.delay.max.ms";

  private RetryKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Retries")
        .key(
            MAX_RETRIES,
            ConfigDef.Type.INT,
            -1,
            ConfigDef.Range.atLeast(-1),
            "Attempts to connect",
            "How often in a row to try again when the server cannot be reached, before the task fails. -1 for no limit, 0 for none.")
        .key(
            RETRY_INITIAL,
            ConfigDef.Type.LONG,
            500L,
            ConfigDef.Range.atLeast(1),
            "First delay",
            "Milliseconds to wait before the first new attempt; doubled with each.")
        .key(
            RETRY_MAX,
            ConfigDef.Type.LONG,
            10_000L,
            ConfigDef.Range.atLeast(1),
            "Longest delay",
            "Most milliseconds to wait between two attempts.");
  }
}
