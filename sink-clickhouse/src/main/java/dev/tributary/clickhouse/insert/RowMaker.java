package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.config.ExtraFields;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.table.RowEncoder;
import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.types.RowBinary;
import dev.tributary.clickhouse.types.Sql;
import dev.tributary.clickhouse.types.UnwritableValueException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Makes rows of records, and lets the table grow where they do not fit it. */
final class RowMaker {
  private final SinkConfig config;
  private final Tables tables;
  private final LaneTable table;
  private final Consumer<Table> evolved;
  private final EncoderCache encoders = new EncoderCache();
  private final RowBinary row = new RowBinary();
  private final boolean evolves;
  private final ExtraFields extraFields;
  private RowEncoder.Rules cellRules;

  /**
   * @param evolved is told how the table looks once it was altered, before rows are made for it
   */
  RowMaker(SinkConfig config, Tables tables, LaneTable table, Consumer<Table> evolved) {
    this.config = config;
    this.tables = tables;
    this.table = table;
    this.evolved = evolved;
    this.evolves = config.autoEvolve();
    this.extraFields = config.extraFields();
  }

  /** The bytes of the row that was made last. */
  RowBinary row() {
    return row;
  }

  /** Forgets how rows were made, as the table is another. */
  void forget() {
    encoders.clear();
  }

  /**
   * Makes a row.
   *
   * @return what made it
   */
  RowEncoder make(RowChange.Write change, SinkRecord record) {
    RowEncoder encoder = encoder(change);
    if (change.row() instanceof Map<?, ?> map) {
      refuseExtra(map.keySet());
    }
    row.clear();
    try {
      encoder.encode(row, change, record);
      return encoder;
    } catch (UnwritableValueException e) {
      if (!widen(change, e.column())) {
        throw e;
      }
    }
    // a column that is wide enough now
    row.clear();
    encoder = encoder(change);
    encoder.encode(row, change, record);
    return encoder;
  }

  private RowEncoder encoder(RowChange.Write change) {
    RowEncoder known = encoders.find(table.seen(), change);
    return known == null ? newEncoder(change) : known;
  }

  private RowEncoder newEncoder(RowChange.Write change) {
    boolean mirrors = table.rules().mirrors();
    Map<String, Schema> missing = Tables.missing(table.seen(), change, mirrors);
    boolean addsColumns = evolves && extraFields != ExtraFields.JSON;
    if (!missing.isEmpty() && addsColumns) {
      evolved(tables.evolve(table.seen(), missing));
      missing = Tables.missing(table.seen(), change, mirrors);
    }
    refuseExtra(missing.keySet());
    if (evolves) {
      for (Map.Entry<String, Schema> column :
          Tables.rounding(table.seen(), change, mirrors).entrySet()) {
        tables.widen(table.seen(), column.getKey(), column.getValue()).ifPresent(this::evolved);
      }
    }
    if (cellRules == null) {
      cellRules = RowEncoder.Rules.of(config, mirrors);
    }
    return encoders.put(table.seen(), change, RowEncoder.of(table.seen(), change, cellRules));
  }

  /** Widens the column that a value did not fit, as far as the field's schema calls for it. */
  private boolean widen(RowChange.Write change, String column) {
    if (!evolves || column == null) {
      return false;
    }
    Optional<Schema> field = tables.fieldOf(table.seen(), change, table.rules().mirrors(), column);
    Optional<Table> wider = field.flatMap(schema -> tables.widen(table.seen(), column, schema));
    wider.ifPresent(this::evolved);
    return wider.isPresent();
  }

  private void evolved(Table now) {
    evolved.accept(now);
    encoders.clear();
  }

  private void refuseExtra(Collection<?> fields) {
    if (extraFields == ExtraFields.IGNORE) {
      return;
    }
    if (extraFields == ExtraFields.JSON) {
      if (table.seen().columnOf(config.extraColumn()).isEmpty()) {
        throw new ConnectException(
            "Table "
                + table.seen().name().sql()
                + " has no column "
                + Sql.name(config.extraColumn())
                + " for the fields without a column (extra.fields=json); add it, of type JSON or"
                + " String, or set 'extra.column'");
      }
      return;
    }
    for (Object field : fields) {
      if (!table.seen().takes(field.toString())) {
        throw new DataException(
            "it has no column "
                + Sql.name(field.toString())
                + "; add the column, or set extra.fields to ignore");
      }
    }
  }
}
