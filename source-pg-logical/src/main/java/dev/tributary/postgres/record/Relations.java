package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.Catalog;
import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.catalog.TypeInfo;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Column;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Delete;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Insert;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Relation;
import dev.tributary.postgres.pgoutput.PgOutputMessage.ReplicaIdentity;
import dev.tributary.postgres.pgoutput.PgOutputMessage.RowChange;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
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
  private final PresentTypes presentTypes;
  private final Map<Integer, Optional<TableRecords>> known = new HashMap<>();
  private final Set<String> told = new HashSet<>();

  public Relations(Predicate<TableName> captured, Catalog catalog, RecordFactory factory) {
    this.captured = captured;
    this.catalog = catalog;
    this.factory = factory;
    presentTypes = new PresentTypes(catalog, factory.clock());
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

  /**
   * A change is going to be counted and read, for which its table's types have to be known.
   *
   * @param records of its relation
   */
  void expect(TableRecords records, RowChange change, ChangeOrigin origin) throws SQLException {
    if (change instanceof Insert insert) {
      records.expect(insert.row(), presentTypes, origin);
    } else if (change instanceof Update update) {
      records.expect(update.row(), presentTypes, origin);
      if (update.old() != null) {
        records.expect(update.old(), presentTypes, origin);
      }
    } else if (change instanceof Delete delete) {
      records.expect(delete.old(), presentTypes, origin);
    }
  }

  /** A relation is announced. */
  void announce(Relation relation) throws SQLException {
    TableName name = new TableName(relation.schema(), relation.table());
    if (!captured.test(name)) {
      known.put(relation.oid(), Optional.empty());
      return;
    }
    presentTypes.forget(); // the table is going to have newer ones
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
                  info.notNull() || isKey(column, relation),
                  info.defaultExpression())
              : new ColumnInfo(
                  column.name(),
                  types.getOrDefault(column.typeOid(), TypeInfo.unknown(column.typeOid())),
                  column.typeModifier(),
                  isKey(column, relation),
                  null));
    }
    return columns;
  }

  /** Whether the column was part of a primary key or an index that identifies rows: not NULL. */
  private static boolean isKey(Column column, Relation relation) {
    return column.inIdentity() && relation.identity() != ReplicaIdentity.FULL;
  }

  private static boolean matches(Column column, ColumnInfo info) {
    return info != null && info.type().oid() == column.typeOid();
  }

  /**
   * The key as it was when the changes were made, as far as that can be told. With the default
   * identity the server marks the primary key of that time; otherwise it is the present one, under
   * the names that its columns had.
   */
  private static List<String> key(Relation relation, Optional<TableInfo> now) {
    List<String> marked =
        relation.columns().stream().filter(Column::inIdentity).map(Column::name).toList();
    List<String> present = now.map(table -> formerNames(table, relation)).orElse(List.of());
    return switch (relation.identity()) {
      case DEFAULT -> {
        if (!marked.isEmpty()) {
          yield Set.copyOf(marked).equals(Set.copyOf(present)) ? present : marked;
        }
        yield now.isPresent() && now.get().hasPrimaryKey() ? List.of() : present;
      }
      case INDEX -> present.isEmpty() ? marked : present;
      case FULL, NOTHING -> present;
    };
  }

  /**
   * The present key under the names that the relation has. Columns keep their order, so that one
   * whose name is gone is the one of the same type in the same place.
   *
   * @return empty if that leads nowhere
   */
  private static List<String> formerNames(TableInfo table, Relation relation) {
    List<String> names = relation.columns().stream().map(Column::name).toList();
    List<String> key = new ArrayList<>();
    for (String column : table.keyColumns()) {
      if (names.contains(column)) {
        key.add(column);
        continue;
      }
      int place = table.position(column);
      if (place >= names.size()
          || relation.columns().get(place).typeOid() != table.columns().get(place).type().oid()
          || table.position(names.get(place)) >= 0) {
        return List.of();
      }
      key.add(names.get(place));
    }
    return key;
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
