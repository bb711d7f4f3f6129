package dev.tributary.postgres.catalog;

import dev.tributary.postgres.catalog.TypeInfo.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads tables and types from {@code pg_catalog}. Belongs to the thread that uses its connection.
 *
 * <p>The session's TimeZone must be UTC, since defaults are written in it.
 */
public final class CatalogReader implements Catalog {
  private static final String TABLES =
      """
      select c.oid, n.nspname, c.relname, c.relkind = 'p',
             case when c.relispartition then coalesce(
               (select i.inhparent from pg_catalog.pg_inherits i where i.inhrelid = c.oid limit 1), 0)
             else 0 end
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence = 'p'
        and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
      order by n.nspname collate "C", c.relname collate "C"
      """;

  /** With whether there is a primary key that is checked at once, and the columns of the key. */
  private static final String TABLE =
      """
      select n.nspname, c.relname,
             exists(select from pg_catalog.pg_index p
                    where p.indrelid = c.oid and p.indisprimary and p.indimmediate),
             array(select a.attname
                   from (select i.indexrelid, i.indrelid, i.indkey, i.indnkeyatts
                         from pg_catalog.pg_index i
                         join pg_catalog.pg_class x on x.oid = i.indexrelid
                         where i.indrelid = c.oid and i.indisunique and i.indpred is null
                           and i.indexprs is null
                         order by not i.indisprimary, x.relname collate "C"
                         limit 1) i
                   cross join lateral unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
                   join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                   where k.position <= i.indnkeyatts
                   order by k.position)::text[]
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.oid = ?
      """;

  private static final String COLUMNS =
      """
      select a.attname, a.atttypid, a.atttypmod,
             a.attnotnull or (t.typtype = 'd' and t.typnotnull),
             case when a.attgenerated = ''
                  then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_type t on t.oid = a.atttypid
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = ? and a.attnum > 0 and not a.attisdropped
      order by a.attnum
      """;

  private static final String IDENTITY_INDEX =
      """
      select a.attname
      from pg_catalog.pg_index i
      cross join lateral unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
      join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where i.indrelid = ? and i.indisreplident and k.position <= i.indnkeyatts
      order by a.attnum
      """;

  private static final String PARTITIONS =
      """
      select c.oid, n.nspname, c.relname
      from pg_catalog.pg_partition_tree(?::bigint::oid::regclass) t
      join pg_catalog.pg_class c on c.oid = t.relid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relpersistence = 'p'
      order by c.oid
      """;

  private static final String TYPES =
      """
      select t.oid, n.nspname, t.typname, t.typtype, t.typcategory, t.typelem, t.typbasetype,
             t.typtypmod,
             array(select e.enumlabel from pg_catalog.pg_enum e
                   where e.enumtypid = t.oid order by e.enumsortorder)::text[],
             t.typrelid, t.typdelim
      from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
      where t.oid = any (?)
      """;

  private static final String ATTRIBUTES =
      """
      select a.attrelid, a.attname, a.atttypid, a.atttypmod
      from pg_catalog.pg_attribute a
      where a.attrelid = any (?) and a.attnum > 0 and not a.attisdropped
      order by a.attrelid, a.attnum
      """;

  private final Connection connection;

  public CatalogReader(Connection connection) {
    this.connection = connection;
  }

  /** All tables, in the order of their names. */
  public List<TableEntry> tables() throws SQLException {
    List<TableEntry> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        tables.add(
            new TableEntry(
                oid(rows, 1),
                new TableName(rows.getString(2), rows.getString(3)),
                rows.getBoolean(4),
                oid(rows, 5)));
      }
    }
    return tables;
  }

  /**
   * The tables that hold the rows of a partitioned table, on whatever level, in the order in which
   * they were made; itself for a partition, and empty for any other table.
   */
  public Map<Integer, TableName> partitions(int oid) throws SQLException {
    Map<Integer, TableName> partitions = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(PARTITIONS)) {
      statement.setLong(1, Integer.toUnsignedLong(oid));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          partitions.put(oid(rows, 1), new TableName(rows.getString(2), rows.getString(3)));
        }
      }
    }
    return partitions;
  }

  @Override
  public Optional<TableInfo> table(int oid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
      statement.setLong(1, Integer.toUnsignedLong(oid));
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        TableName name = new TableName(row.getString(1), row.getString(2));
        boolean hasPrimaryKey = row.getBoolean(3);
        List<String> key = List.of((String[]) row.getArray(4).getArray());
        return Optional.of(new TableInfo(oid, name, columns(oid), key, hasPrimaryKey));
      }
    }
  }

  private List<ColumnInfo> columns(int oid) throws SQLException {
    List<RawColumn> raw = rawColumns(oid);
    Map<Integer, TypeInfo> types = types(raw.stream().map(RawColumn::type).toList());
    return raw.stream().map(column -> column.resolve(types.get(column.type()))).toList();
  }

  private record RawColumn(
      String name, int type, int modifier, boolean notNull, String defaultExpression) {
    ColumnInfo resolve(TypeInfo info) {
      return new ColumnInfo(
          name, info == null ? TypeInfo.unknown(type) : info, modifier, notNull, defaultExpression);
    }
  }

  private List<RawColumn> rawColumns(int oid) throws SQLException {
    List<RawColumn> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, Integer.toUnsignedLong(oid));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.add(
              new RawColumn(
                  rows.getString(1),
                  oid(rows, 2),
                  rows.getInt(3),
                  rows.getBoolean(4),
                  rows.getString(5)));
        }
      }
    }
    return columns;
  }

  /** The columns of the index that is a table's replica identity; empty if none is. */
  public List<String> identityIndex(int oid) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(IDENTITY_INDEX)) {
      statement.setLong(1, Integer.toUnsignedLong(oid));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  @Override
  public Map<Integer, TypeInfo> types(List<Integer> oids) throws SQLException {
    Map<Integer, RawType> raw = new HashMap<>();
    Set<Integer> wanted = new HashSet<>(oids);
    while (!wanted.isEmpty()) {
      Map<Integer, RawType> found = rawTypes(wanted);
      raw.putAll(found);
      wanted = new HashSet<>();
      for (RawType type : found.values()) {
        for (int part : type.parts()) {
          if (!raw.containsKey(part)) {
            wanted.add(part);
          }
        }
      }
    }
    Map<Integer, TypeInfo> types = new HashMap<>();
    oids.forEach(oid -> types.put(oid, resolve(oid, raw)));
    return types;
  }

  /**
   * @param madeOf the element of an array, the base of a domain; 0 for others
   */
  private record RawType(
      int oid,
      String schema,
      String name,
      Kind kind,
      int madeOf,
      int modifier,
      char delimiter,
      List<String> labels,
      List<RawAttribute> attributes) {
    RawType {
      labels = List.copyOf(labels);
      attributes = List.copyOf(attributes);
    }

    RawType with(List<RawAttribute> fields) {
      return new RawType(oid, schema, name, kind, madeOf, modifier, delimiter, labels, fields);
    }

    /** The types that this one is made of. */
    List<Integer> parts() {
      return madeOf == 0 ? attributes.stream().map(RawAttribute::type).toList() : List.of(madeOf);
    }
  }

  private record RawAttribute(String name, int type, int modifier) {}

  private static TypeInfo resolve(int oid, Map<Integer, RawType> raw) {
    RawType type = raw.get(oid);
    if (type == null) {
      return TypeInfo.unknown(oid);
    }
    TypeInfo madeOf = type.madeOf() == 0 ? null : resolve(type.madeOf(), raw);
    List<TypeInfo.Attribute> attributes =
        type.attributes().stream()
            .map(
                attribute ->
                    new TypeInfo.Attribute(
                        attribute.name(), resolve(attribute.type(), raw), attribute.modifier()))
            .toList();
    return new TypeInfo(
        oid,
        type.schema(),
        type.name(),
        type.kind(),
        type.kind() == Kind.ARRAY ? madeOf : null,
        type.kind() == Kind.DOMAIN ? madeOf : null,
        type.modifier(),
        type.delimiter(),
        type.labels(),
        attributes);
  }

  private Map<Integer, RawType> rawTypes(Set<Integer> oids) throws SQLException {
    Map<Integer, RawType> types = new HashMap<>();
    Map<Integer, Integer> composites = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(TYPES)) {
      statement.setArray(1, oids(oids));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Kind kind = kind(rows.getString(4), rows.getString(5));
          int oid = oid(rows, 1);
          types.put(oid, rawType(rows, kind));
          if (kind == Kind.COMPOSITE) {
            composites.put(oid(rows, 10), oid);
          }
        }
      }
    }
    if (!composites.isEmpty()) {
      readAttributes(composites)
          .forEach(
              (oid, attributes) ->
                  types.computeIfPresent(oid, (same, type) -> type.with(attributes)));
    }
    return types;
  }

  private static RawType rawType(ResultSet rows, Kind kind) throws SQLException {
    return new RawType(
        oid(rows, 1),
        rows.getString(2),
        rows.getString(3),
        kind,
        kind == Kind.ARRAY ? oid(rows, 6) : kind == Kind.DOMAIN ? oid(rows, 7) : 0,
        rows.getInt(8),
        rows.getString(11).charAt(0),
        List.of((String[]) rows.getArray(9).getArray()),
        List.of());
  }

  /**
   * @param composites the OIDs of the types, by the OIDs of their relations
   */
  private Map<Integer, List<RawAttribute>> readAttributes(Map<Integer, Integer> composites)
      throws SQLException {
    Map<Integer, List<RawAttribute>> attributes = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(ATTRIBUTES)) {
      statement.setArray(1, oids(composites.keySet()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          attributes
              .computeIfAbsent(composites.get(oid(rows, 1)), type -> new ArrayList<>())
              .add(new RawAttribute(rows.getString(2), oid(rows, 3), rows.getInt(4)));
        }
      }
    }
    return attributes;
  }

  private Array oids(Set<Integer> oids) throws SQLException {
    return connection.createArrayOf("oid", oids.stream().map(Integer::toUnsignedLong).toArray());
  }

  private static Kind kind(String type, String category) {
    return switch (type) {
      case "b" -> category.equals("A") ? Kind.ARRAY : Kind.BASE;
      case "e" -> Kind.ENUM;
      case "d" -> Kind.DOMAIN;
      case "r" -> Kind.RANGE;
      case "m" -> Kind.MULTIRANGE;
      case "c" -> Kind.COMPOSITE;
      default -> Kind.OTHER;
    };
  }

  private static int oid(ResultSet rows, int column) throws SQLException {
    return (int) rows.getLong(column);
  }
}
