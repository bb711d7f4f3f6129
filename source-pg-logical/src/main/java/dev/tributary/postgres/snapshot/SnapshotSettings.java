package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the config decides about a snapshot.
 *
 * @param tables that are read
 * @param publication the one that the stream carries
 * @param overrides the SELECT that gives the rows, by {@code schema.table}
 * @param streams whether changes are streamed afterwards
 * @param batch most rows that are handed on together
 */
public record SnapshotSettings(
    Predicate<TableName> tables,
    String publication,
    Map<String, String> overrides,
    int threads,
    boolean streams,
    int batch) {
  public SnapshotSettings {
    overrides = Map.copyOf(overrides);
  }
}
