package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import java.util.function.Function;
import org.apache.kafka.connect.data.Schema;

/**
 * A field that a transform adds to a row.
 *
 * @param type its schema, given an event of the row's schema
 */
record AddedField(String name, Function<ChangeEvent, Schema> type) {

  /** One whose type does not depend on the row. */
  AddedField(String name, Schema schema) {
    this(name, event -> schema);
  }

  Schema schema(ChangeEvent event) {
    return type.apply(event);
  }
}
