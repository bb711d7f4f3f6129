package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.replication.CapturedTables;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the config decides about a snapshot.
 *
 * @param captured the tables that the stream carries
 * @param tables which of those are read
 * @param filter tells whether the config still says the same of which tables those are
 * @param overrides the SELECT that gives the rows, by {@code schema.table}
 * @param streams whether changes are streamed afterwards
 * @param batch most rows that are handed on together
 */
public record SnapshotSettings(
    CapturedTables captured,
    Predicate<TableName> tables,
    String filter,
    Map<String, String> overrides,
    int threads,
    boolean streams,
    int batch) {
  public SnapshotSettings {
    overrides = Map.copyOf(overrides);
  }
}
