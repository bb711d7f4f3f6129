package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.transforms.sequence.Pattern;
import dev.tributary.transforms.sequence.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/** The fields that {@link SequenceFlag} adds. */
final class SequenceFields {
  static final String IS_SEQUENCE = "is_sequence";

  private static final Schema SEQUENCE =
      SchemaBuilder.struct()
          .name("dev.tributary.Sequence")
          .field("pattern", Schema.STRING_SCHEMA)
          .field("events", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
          .field("times", SchemaBuilder.array(Timestamp.SCHEMA).build())
          .build();

  private final List<Pattern> patterns;
  private final String prefix;
  private final Object[] added = new Object[3];

  SequenceFields(List<Pattern> patterns, String prefix) {
    this.patterns = patterns;
    this.prefix = prefix;
  }

  List<AddedField> declared() {
    return List.of(
        new AddedField(prefix + IS_SEQUENCE, Schema.BOOLEAN_SCHEMA),
        new AddedField(prefix + "sequences", SchemaBuilder.array(SEQUENCE).build()),
        new AddedField(prefix + "total_sequences", Schema.INT32_SCHEMA));
  }

  /**
   * Their values, valid until the next call.
   *
   * @param found one per pattern, or null
   */
  Object[] of(ChangeEvent event, Sequence[] found) {
    List<Object> sequences = List.of();
    for (int p = 0; p < found.length; p++) {
      if (found[p] != null) {
        if (sequences.isEmpty()) {
          sequences = new ArrayList<>();
        }
        sequences.add(
            event.row() instanceof Struct
                ? struct(patterns.get(p), found[p].times())
                : map(patterns.get(p), found[p].times()));
      }
    }
    added[0] = !sequences.isEmpty();
    added[1] = sequences;
    added[2] = sequences.size();
    return added;
  }

  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  private static Struct struct(Pattern pattern, long[] times) {
    return new Struct(SEQUENCE)
        .put("pattern", pattern.name())
        .put("events", pattern.stepNames())
        .put("times", Arrays.stream(times).mapToObj(Date::new).toList());
  }

  private static Map<String, Object> map(Pattern pattern, long[] times) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pattern", pattern.name());
    map.put("events", pattern.stepNames());
    map.put("times", Arrays.stream(times).boxed().toList());
    return map;
  }
}
