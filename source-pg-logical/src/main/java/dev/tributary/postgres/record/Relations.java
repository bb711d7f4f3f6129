package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.Catalog;
import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.catalog.TypeInfo;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Column;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Relation;
import dev.tributary.postgres.pgoutput.PgOutputMessage.ReplicaIdentity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relations that a session has announced, and how their rows become records. The server
 * announces a relation before its first change and after each change of its schema; what its
 * message does not tell (NOT NULL, defaults, the key) comes from the catalogue, by name. Belongs to
 * one thread.
 */
public final class Relations {
  private static final Logger log = LoggerFactory.getLogger(Relations.class);

  private final Predicate<TableName> captured;
  private final Catalog catalog;
  private final RecordFactory factory;
  private final Map<Integer, Optional<TableRecords>> known = new HashMap<>();
  private final Set<String> told = new HashSet<>();

  public Relations(Predicate<TableName> captured, Catalog catalog, RecordFactory factory) {
    this.captured = captured;
    this.catalog = catalog;
    this.factory = factory;
  }

  /** Forgets what was announced, since a new session announces it again. */
  public void forget() {
    known.clear();
  }

  /**
   * How the rows of a relation become records; empty if it is not captured.
   *
   * @throws IllegalStateException if it was not announced
   */
  Optional<TableRecords> get(int oid) {
    Optional<TableRecords> records = known.get(oid);
    if (records == null) {
      throw new IllegalStateException(
          "the server sent a change of relation "
              + Integer.toUnsignedLong(oid)
              + " without announcing it");
    }
    return records;
  }

  /** A relation is announced. */
  void announce(Relation relation) throws SQLException {
    TableName name = new TableName(relation.schema(), relation.table());
    if (!captured.test(name)) {
      known.put(relation.oid(), Optional.empty());
      return;
    }
    Optional<TableInfo> now = catalog.table(relation.oid());
    TableRecords records = factory.table(name, columns(relation, now), key(relation, now));
    warn(records, relation);
    known.put(relation.oid(), Optional.of(records));
  }

  private List<ColumnInfo> columns(Relation relation, Optional<TableInfo> now) throws SQLException {
    Map<String, ColumnInfo> current = new HashMap<>();
    now.ifPresent(table -> table.columns().forEach(column -> current.put(column.name(), column)));
    Map<Integer, TypeInfo> types =
        catalog.types(
            relation.columns().stream()
                .filter(column -> !matches(column, current.get(column.name())))
                .map(Column::typeOid)
                .toList());
    List<ColumnInfo> columns = new ArrayList<>();
    for (Column column : relation.columns()) {
      ColumnInfo info = current.get(column.name());
      columns.add(
          matches(column, info)
              ? new ColumnInfo(
                  column.name(),
                  info.type(),
                  column.typeModifier(),
                  info.notNull(),
                  info.defaultExpression())
              : new ColumnInfo(
                  column.name(),
                  types.getOrDefault(column.typeOid(), TypeInfo.unknown(column.typeOid())),
                  column.typeModifier(),
                  false,
                  null));
    }
    return columns;
  }

  private static boolean matches(Column column, ColumnInfo info) {
    return info != null && info.type().oid() == column.typeOid();
  }

  private static List<String> key(Relation relation, Optional<TableInfo> now) {
    List<String> names = relation.columns().stream().map(Column::name).toList();
    if (now.isPresent() && names.containsAll(now.get().keyColumns())) {
      return now.get().keyColumns();
    }
    return relation.identity() == ReplicaIdentity.FULL
        ? List.of()
        : relation.columns().stream().filter(Column::inIdentity).map(Column::name).toList();
  }

  private void warn(TableRecords records, Relation relation) {
    if (!records.leftOut().isEmpty()) {
      warnOnce(
          "Columns of table {} are left out, since their types are not supported: {}",
          records.table(),
          String.join(", ", records.leftOut()));
    }
    List<String> missing =
        relation.columns().stream()
            .filter(column -> records.hasInKey(column.name()) && !column.inIdentity())
            .map(Column::name)
            .toList();
    if (!missing.isEmpty()) {
      warnOnce(
          "Deletes of table {} do not carry the key columns {}, since its replica identity lacks them;"
              + " set it with ALTER TABLE ... REPLICA IDENTITY FULL",
          records.table(),
          String.join(", ", missing));
    }
  }

  private void warnOnce(String message, TableName table, String columns) {
    if (told.add(message + table + columns)) {
      log.warn(message, table, columns);
    }
  }
}
