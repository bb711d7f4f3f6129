package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.transforms.features.EventValues;
import dev.tributary.transforms.features.WindowPlan;
import java.util.List;
import org.apache.kafka.connect.connector.ConnectRecord;

/** Reads of an event what its features are made of. Belongs to one task. */
final class FeatureFields {
  private final FieldPath[] paths;
  private final boolean[] numeric;
  private final EventValues values;

  FeatureFields(WindowPlan plan) {
    paths = plan.fields().stream().map(FieldPath::parse).toArray(FieldPath[]::new);
    numeric = new boolean[paths.length];
    for (int i = 0; i < paths.length; i++) {
      numeric[i] = plan.isNumeric(i);
    }
    values = new EventValues(plan);
  }

  /**
   * Reads an event; valid until the next is read.
   *
   * @throws org.apache.kafka.connect.errors.DataException if a number is asked for and there is
   *     none
   */
  EventValues read(ChangeEvent event, ConnectRecord<?> record) {
    for (int i = 0; i < paths.length; i++) {
      Object value = Numbers.plain(paths[i].get(event));
      values.set(
          i, value, numeric[i] && value != null ? Numbers.toNumber(value, paths[i], record) : null);
    }
    return values;
  }

  /** Adds what it reads, to be compared by value. */
  void addTo(List<Object> reading, ChangeEvent event) {
    for (FieldPath path : paths) {
      reading.add(Numbers.plain(path.get(event)));
    }
  }
}
