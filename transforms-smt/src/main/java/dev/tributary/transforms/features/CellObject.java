package dev.tributary.transforms.features;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The kinds of objects that folds keep in cells. */
enum CellObject {
  /** What a field's value may be, and the counts of a {@link TopFold}. */
  VALUE(0),
  SET(1),
  QUANTILES(2),
  NEWEST(3),
  DISTINCT(5);

  /** What stands for it in a snapshot. */
  private final int tag;

  CellObject(int tag) {
    this.tag = tag;
  }

  static void write(Object object, StateOutput out) {
    CellObject kind = of(object);
    out.number(kind.tag);
    switch (kind) {
      case VALUE -> out.value(object);
      case SET -> {
        Set<?> set = (Set<?>) object;
        out.number(set.size());
        set.forEach(out::value);
      }
      case QUANTILES -> ((Quantiles) object).write(out);
      case NEWEST -> ((Newest) object).write(out);
      case DISTINCT -> ((DistinctSketch) object).write(out);
    }
  }

  static Object read(StateInput in) {
    return switch (tagged(in.size())) {
      case VALUE -> in.value();
      case SET -> {
        Set<Object> set = new HashSet<>();
        for (int i = in.size(); i > 0; i--) {
          set.add(in.value());
        }
        yield set;
      }
      case QUANTILES -> Quantiles.read(in);
      case NEWEST -> Newest.read(in);
      case DISTINCT -> DistinctSketch.read(in);
    };
  }

  private static CellObject tagged(int tag) {
    return Arrays.stream(values()).filter(kind -> kind.tag == tag).findFirst().orElseThrow();
  }

  private static CellObject of(Object object) {
    if (object instanceof Quantiles) {
      return QUANTILES;
    }
    if (object instanceof DistinctSketch) {
      return DISTINCT;
    }
    if (object instanceof Newest) {
      return NEWEST;
    }
    return object instanceof Set ? SET : VALUE;
  }
}
