package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.transforms.features.Feature;
import dev.tributary.transforms.features.TopValue;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/**
 * The type of a feature's field in the output, and how its value is written there. All are
 * nullable.
 */
final class FeatureType {
  private static final Schema OPTIONAL_TIMESTAMP = Timestamp.builder().optional().build();
  private static final Schema COUNTS = SchemaBuilder.array(Schema.INT64_SCHEMA).optional().build();

  /** What a field's type is made of. */
  enum Kind {
    INT64,
    FLOAT64,
    TIMESTAMP,
    COUNTS,
    /** The type of the field that is read. */
    FIELD,
    SUM,
    LIST,
    TOP;

    /** Whether it is the same for every row. */
    boolean isFixed() {
      return this == INT64 || this == FLOAT64 || this == COUNTS;
    }
  }

  private final Kind kind;
  private final FieldPath field;
  private Schema lastOfField;
  private Schema lastSchema;

  private FeatureType(Kind kind, FieldPath field) {
    this.kind = kind;
    this.field = field;
  }

  static FeatureType of(Feature feature) {
    return new FeatureType(
        kind(feature), feature.field() == null ? null : FieldPath.parse(feature.field()));
  }

  private static Kind kind(Feature feature) {
    return switch (feature.aggregate()) {
      case COUNT, DISTINCT, APPROX_DISTINCT -> Kind.INT64;
      case AVG,
          STDDEV,
          STDDEV_SAMP,
          VARIANCE,
          VARIANCE_SAMP,
          PERCENTILE,
          RATE,
          RATIO,
          SECONDS_SINCE_LAST,
          DECAYED_COUNT,
          DECAYED_SUM,
          DECAYED_AVG,
          DURATION ->
          Kind.FLOAT64;
      case MIN, MAX, FIRST, LAST -> Kind.FIELD;
      case SUM -> Kind.SUM;
      case LAST_N -> Kind.LIST;
      case TOP_K -> Kind.TOP;
      case HISTOGRAM -> Kind.COUNTS;
      case FIRST_SEEN, LAST_SEEN -> Kind.TIMESTAMP;
    };
  }

  /** Whether values are written as they are. */
  boolean isPlain() {
    return kind.isFixed();
  }

  /** The schema of the output's field. */
  Schema schema(ChangeEvent event) {
    return switch (kind) {
      case INT64 -> Schema.OPTIONAL_INT64_SCHEMA;
      case FLOAT64 -> Schema.OPTIONAL_FLOAT64_SCHEMA;
      case TIMESTAMP -> OPTIONAL_TIMESTAMP;
      case COUNTS -> COUNTS;
      case FIELD, SUM, LIST, TOP -> ofField(event);
    };
  }

  /** The schema, made once for each schema of the field. */
  private Schema ofField(ChangeEvent event) {
    Schema schema = field.schema(event);
    if (lastSchema == null || schema != lastOfField) {
      lastSchema = ofField(schema);
      lastOfField = schema;
    }
    return lastSchema;
  }

  private Schema ofField(Schema schema) {
    if (kind == Kind.SUM) {
      return FieldTypes.ofSum(schema);
    }
    Schema value = FieldTypes.optional(schema);
    if (kind == Kind.FIELD) {
      return value;
    }
    return SchemaBuilder.array(kind == Kind.LIST ? value : ofTop(value)).optional().build();
  }

  private static Schema ofTop(Schema value) {
    return SchemaBuilder.struct()
        .name("dev.tributary.TopValue")
        .field("value", value)
        .field("count", Schema.INT64_SCHEMA)
        .build();
  }

  /** The value for a Struct with that schema. */
  Object write(Object value, ChangeEvent event) {
    if (value == null || isPlain() || kind == Kind.TIMESTAMP) {
      return value;
    }
    Schema schema = ofField(event);
    return switch (kind) {
      case LIST -> each((List<?>) value, v -> FieldTypes.write(v, schema.valueSchema()));
      case TOP -> each((List<?>) value, v -> top((TopValue) v, schema.valueSchema()));
      default -> FieldTypes.write(value, schema);
    };
  }

  /** The value for a Map. */
  Object writeWithoutSchema(Object value) {
    if (value == null || isPlain()) {
      return value;
    }
    return switch (kind) {
      case TIMESTAMP -> millis(value);
      case LIST -> each((List<?>) value, FieldTypes::writeWithoutSchema);
      case TOP -> each((List<?>) value, v -> topMap((TopValue) v));
      default -> FieldTypes.writeWithoutSchema(value);
    };
  }

  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  private static Object millis(Object value) {
    return ((Date) value).getTime();
  }

  private static Struct top(TopValue value, Schema schema) {
    return new Struct(schema)
        .put("value", FieldTypes.write(value.value(), schema.field("value").schema()))
        .put("count", value.count());
  }

  private static Map<String, Object> topMap(TopValue value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("value", FieldTypes.writeWithoutSchema(value.value()));
    map.put("count", value.count());
    return map;
  }

  private static List<Object> each(List<?> values, Function<Object, Object> writer) {
    List<Object> written = new ArrayList<>(values.size());
    values.forEach(value -> written.add(writer.apply(value)));
    return written;
  }
}
