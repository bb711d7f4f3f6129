package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.config.ColumnRules;
import dev.tributary.postgres.config.RowFormat;
import dev.tributary.postgres.types.Defaults;
import dev.tributary.postgres.types.ValueType;
import dev.tributary.postgres.types.ValueTypes;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * What decides on the schemas of rows: types of values, rules for columns, names of fields.
 *
 * @param rows how rows are written without an envelope; null to write envelopes
 */
record Shaping(ValueTypes types, ColumnRules columns, Naming naming, RowFormat rows) {
  /** The type of a column; empty if it is left out. */
  Optional<ValueType> type(ColumnInfo column) {
    Optional<ValueType> type = types.of(column.type(), column.typeModifier());
    return column.nullElements() ? type.map(ValueType::nullElements) : type;
  }

  /** The schema of a column. */
  Schema schema(TableName table, ColumnInfo column, ValueType type) {
    SchemaBuilder schema = type.schema().get();
    if (!column.notNull() || type.alwaysOptional()) {
      schema.optional();
    }
    Defaults.of(column, type).ifPresent(schema::defaultValue);
    ColumnEffects.mark(schema, columns.effects(table, column.name()));
    if (columns.tellsSourceType(table, column.name(), column.type().name())) {
      SourceTypes.mark(schema, column);
    }
    return schema.build();
  }
}
