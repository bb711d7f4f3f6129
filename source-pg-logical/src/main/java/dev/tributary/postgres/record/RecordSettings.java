package dev.tributary.postgres.record;

import dev.tributary.postgres.config.MessageKeys;
import dev.tributary.postgres.types.TypeModes;

/**
 * What the config decides about records.
 *
 * @param version of the connector, for {@code source.version}
 * @param runId of this run, for the context headers; null to write none
 */
public record RecordSettings(
    String prefix,
    String database,
    String version,
    String runId,
    boolean tombstones,
    MessageKeys keys,
    String heartbeatTopic,
    TypeModes types) {}
