package dev.tributary.transforms;

import dev.tributary.common.config.Durations;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.transforms.features.Feature;
import dev.tributary.transforms.features.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/**
 * The fields that {@link WindowedFeatures} adds: the features; of tumbling and hopping windows
 * {@code window_start} and {@code window_end} (with the window behind the name where there are
 * several, such as {@code window_start_1m}); and whether the event is late. Belongs to one task.
 */
final class FeatureOutput {
  private static final Schema TIMESTAMP = Timestamp.builder().optional().build();

  private final List<Feature> features;
  private final FeatureType[] types;
  private final boolean[] plain;
  private final List<Window.Hopping> windows;
  private final String windowField;
  private final String lateField;

  /** Features first; filled anew for each event. */
  private final Object[] values;

  /**
   * @param windowField what the names of the windows' edges begin with
   * @param lateField null if there is none
   */
  FeatureOutput(List<Feature> features, String windowField, String lateField) {
    this.features = features;
    this.windowField = windowField;
    this.types = features.stream().map(FeatureType::of).toArray(FeatureType[]::new);
    this.plain = new boolean[types.length];
    for (int i = 0; i < types.length; i++) {
      plain[i] = types[i].isPlain();
    }
    this.windows = windows(features);
    this.lateField = lateField;
    this.values = new Object[features.size() + 2 * windows.size() + (lateField == null ? 0 : 1)];
  }

  private static List<Window.Hopping> windows(List<Feature> features) {
    return features.stream()
        .map(Feature::window)
        .filter(Window.Hopping.class::isInstance)
        .map(Window.Hopping.class::cast)
        .distinct()
        .toList();
  }

  /** The names of the fields that are added besides features. */
  static List<String> namesBesides(List<Feature> features, String windowField) {
    List<Window.Hopping> windows = windows(features);
    List<String> names = new ArrayList<>();
    for (Window.Hopping window : windows) {
      names.add(name(windowField + "_start", window, windows));
      names.add(name(windowField + "_end", window, windows));
    }
    return names;
  }

  private static String name(String name, Window.Hopping window, List<Window.Hopping> windows) {
    if (windows.size() == 1) {
      return name;
    }
    String length = shown(window.lengthMs());
    return name
        + "_"
        + (window.hopMs() == window.lengthMs() ? length : length + "_by_" + shown(window.hopMs()));
  }

  private static String shown(long ms) {
    return Durations.format(Duration.ofMillis(ms));
  }

  List<AddedField> declared() {
    List<AddedField> declared = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      FeatureType type = types[i];
      declared.add(new AddedField(features.get(i).name(), type::schema));
    }
    namesBesides(features, windowField)
        .forEach(name -> declared.add(new AddedField(name, TIMESTAMP)));
    if (lateField != null) {
      declared.add(new AddedField(lateField, Schema.BOOLEAN_SCHEMA));
    }
    return declared;
  }

  /** Where the state puts the features' values. */
  Object[] values() {
    return values;
  }

  /** The values of all fields, valid until the next event. */
  Object[] of(ChangeEvent event, long timeMs, boolean inTime) {
    boolean withSchema = event.row() instanceof Struct;
    for (int i = 0; i < types.length; i++) {
      if (!plain[i]) {
        values[i] =
            withSchema ? types[i].write(values[i], event) : types[i].writeWithoutSchema(values[i]);
      }
    }
    int at = types.length;
    for (Window.Hopping window : windows) {
      values[at++] = inTime ? time(window.start(timeMs), withSchema) : null;
      values[at++] = inTime ? time(window.end(timeMs), withSchema) : null;
    }
    if (lateField != null) {
      values[at] = !inTime;
    }
    return values;
  }

  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  private static Object time(long timeMs, boolean withSchema) {
    return withSchema ? (Object) new Date(timeMs) : (Object) timeMs;
  }
}
