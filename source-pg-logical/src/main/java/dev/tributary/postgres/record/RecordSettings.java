package dev.tributary.postgres.record;

import dev.tributary.postgres.config.ColumnRules;
import dev.tributary.postgres.config.MessageKeys;
import dev.tributary.postgres.config.RowFormat;
import dev.tributary.postgres.types.TypeModes;

/**
 * What the config decides about records.
 *
 * @param version of the connector, for {@code source.version}
 * @param runId of this run, for the context headers; null to write none
 * @param transactions whether they are told of
 * @param rows how rows are written without an envelope; null to write envelopes
 */
public record RecordSettings(
    Naming naming,
    String database,
    String version,
    String runId,
    boolean tombstones,
    MessageKeys keys,
    String heartbeatTopic,
    TypeModes types,
    ColumnRules columns,
    Operations operations,
    boolean transactions,
    RowFormat rows) {}
