package dev.tributary.postgres.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** Reading tables before their changes are streamed. */
public final class SnapshotKeys {
  public static final String SNAPSHOT_MODE = "snapshot.mode";
  public static final String SNAPSHOT_FETCH_SIZE = "snapshot.fetch.size";

  private SnapshotKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Snapshot")
        .choice(
            SNAPSHOT_MODE,
            "initial",
            List.of("initial", "initial_only", "no_data", "never", "always"),
            "Snapshot mode",
            "When tables are read before their changes are streamed: initial once at the first start, initial_only the same and then stop, no_data (or never) not at all, always at every start.")
        .key(
            SNAPSHOT_FETCH_SIZE,
            ConfigDef.Type.INT,
            10_240,
            ConfigDef.Range.atLeast(1),
            "Snapshot fetch size",
            "Accepted for compatibility. A snapshot reads with COPY, which streams rows without fetching them in portions.");
  }
}
