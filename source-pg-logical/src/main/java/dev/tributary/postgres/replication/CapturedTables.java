package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.catalog.TableEntry;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.ReplicationKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which tables are captured, and under which names the rows of partitions come: under the
 * partitions' own, or under that of the topmost partitioned table that is captured. That is for the
 * publication to say, where there is one; the config says how one is made, and what is expected of
 * one that is there.
 *
 * @param filter of names
 * @param publication its name
 * @param viaRoot what the config says; null where it leaves that to the publication
 */
public record CapturedTables(Predicate<TableName> filter, String publication, Boolean viaRoot) {

  /** As a config has it. */
  public static CapturedTables of(PgSourceConfig config) {
    return new CapturedTables(
        config.tables(), config.publication(), config.publishesViaRoot().orElse(null));
  }

  /**
   * The captured tables by OID, in the order of their names: those whose names records have.
   *
   * @param connection for SQL
   */
  public Map<Integer, TableName> read(Connection connection) throws SQLException {
    return among(new CatalogReader(connection).tables(), isViaRoot(connection));
  }

  /** All tables that could be captured, without regard to the filter. */
  Map<Integer, TableName> all(Connection connection) throws SQLException {
    boolean withRoots = isViaRoot(connection);
    Map<Integer, TableName> all = new LinkedHashMap<>();
    for (TableEntry table : new CatalogReader(connection).tables()) {
      if (withRoots || !table.partitioned()) {
        all.put(table.oid(), table.name());
      }
    }
    return all;
  }

  private boolean isViaRoot(Connection connection) throws SQLException {
    return Publication.viaRoot(connection, publication).orElse(Boolean.TRUE.equals(viaRoot));
  }

  private Map<Integer, TableName> among(List<TableEntry> tables, boolean roots) {
    Map<Integer, TableEntry> byOid = new HashMap<>();
    tables.forEach(table -> byOid.put(table.oid(), table));
    Map<Integer, TableName> captured = new LinkedHashMap<>();
    for (TableEntry table : tables) {
      boolean own = roots ? !isUnderCaptured(table, byOid) : !table.partitioned();
      if (own && filter.test(table.name())) {
        captured.put(table.oid(), table.name());
      }
    }
    return captured;
  }

  private boolean isUnderCaptured(TableEntry table, Map<Integer, TableEntry> byOid) {
    for (TableEntry above = byOid.get(table.parent());
        above != null;
        above = byOid.get(above.parent())) {
      if (filter.test(above.name())) {
        return true;
      }
    }
    return false;
  }

  /** What is wrong if the publication does otherwise than the config says, and that matters. */
  Optional<Problem> contradiction(Connection connection) throws SQLException {
    Optional<Boolean> published = Publication.viaRoot(connection, publication);
    if (viaRoot == null || published.isEmpty() || published.get().equals(viaRoot)) {
      return Optional.empty();
    }
    List<TableEntry> tables = new CatalogReader(connection).tables();
    if (among(tables, true).equals(among(tables, false))) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            ReplicationKeys.PUBLISH_VIA_ROOT,
            "publication '"
                + publication
                + "' publishes the changes of partitions under "
                + (published.get() ? "the names of their roots" : "their own names")
                + ", but "
                + ReplicationKeys.PUBLISH_VIA_ROOT
                + " is "
                + viaRoot
                + "; "
                + Publication.alter(
                    publication, "SET (publish_via_partition_root = " + viaRoot + ")")
                + ", or set "
                + ReplicationKeys.PUBLISH_VIA_ROOT
                + " to "
                + published.get()));
  }
}
