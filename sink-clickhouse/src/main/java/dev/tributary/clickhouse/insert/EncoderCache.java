package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.table.Column;
import dev.tributary.clickhouse.table.RowEncoder;
import dev.tributary.clickhouse.table.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;

/**
 * The encoders of one table, by the schemas of row and key. Schemas are compared by identity, as
 * converters and transforms keep them; equal ones that are made anew only make equal encoders.
 */
final class EncoderCache {
  /** A task sees few schemas at once; past this many something makes them anew per record. */
  private static final int MAX_ENCODERS = 1_000;

  private static final Object WITHOUT_SCHEMA = new Object();

  private final Map<Kind, RowEncoder> encoders = new HashMap<>();
  private final Map<List<Column>, List<Column>> columnLists = new HashMap<>();
  private Object lastRow;
  private Object lastKey;
  private RowEncoder last;

  /** What tells records apart that need encoders of their own. */
  private record Kind(Object row, Object key, List<String> defaults) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Kind kind
          && kind.row == row
          && kind.key == key
          && kind.defaults.equals(defaults);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(row) + System.identityHashCode(key);
    }
  }

  /** The encoder for records like this one, or null if there is none yet. */
  RowEncoder find(Table table, RowChange.Write change) {
    Object row = schema(change.row());
    Object key = schema(change.key());
    boolean told = row != WITHOUT_SCHEMA || table.columnsWithDefault().isEmpty();
    if (last != null && row == lastRow && key == lastKey && told) {
      return last;
    }
    last = encoders.get(new Kind(row, key, defaults(table, change)));
    lastRow = row;
    lastKey = key;
    return last;
  }

  /** Keeps an encoder, and answers with one that shares its list of columns with others. */
  RowEncoder put(Table table, RowChange.Write change, RowEncoder encoder) {
    if (encoders.size() >= MAX_ENCODERS) {
      clear();
    }
    List<Column> shared = columnLists.computeIfAbsent(encoder.columns(), columns -> columns);
    RowEncoder sharing = encoder.sharing(shared);
    encoders.put(
        new Kind(schema(change.row()), schema(change.key()), defaults(table, change)), sharing);
    return sharing;
  }

  void clear() {
    encoders.clear();
    columnLists.clear();
    last = null;
  }

  private static Object schema(Object value) {
    return value instanceof Struct struct
        ? struct.schema()
        : value instanceof Map ? WITHOUT_SCHEMA : null;
  }

  /** The columns with DEFAULT that a row without schema has a value for. */
  private static List<String> defaults(Table table, RowChange.Write change) {
    if (!(change.row() instanceof Map<?, ?> map)) {
      return List.of();
    }
    return table.columnsWithDefault().stream()
        .filter(column -> map.containsKey(column.name()))
        .map(Column::name)
        .toList();
  }
}
