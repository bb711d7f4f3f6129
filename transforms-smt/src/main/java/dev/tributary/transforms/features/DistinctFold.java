package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Values;
import java.util.HashSet;
import java.util.Set;

/** How many different values there are, exact up to a bound. */
final class DistinctFold extends Fold {
  private static final int EACH_BYTES = 64;
  private static final int FIXED_BYTES = 128;

  private final int values;
  private final int bound;

  DistinctFold(Layout layout, int bound) {
    this.values = layout.objects(1);
    this.bound = bound;
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    take(own(cells, row), Values.identity(value));
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    Set<Object> others = held(from, fromRow);
    if (others != null) {
      Set<Object> own = own(into, row);
      for (Object value : others) {
        take(own, value);
      }
    }
  }

  /** Past the bound it is of no matter which values are held. */
  private void take(Set<Object> set, Object value) {
    if (set.size() < bound) {
      set.add(value);
    }
  }

  @Override
  boolean ignoresOrder() {
    return true;
  }

  @SuppressWarnings("unchecked") // put there by own
  private Set<Object> held(Cells cells, int row) {
    return (Set<Object>) cells.object(row, values);
  }

  private Set<Object> own(Cells cells, int row) {
    Set<Object> set = held(cells, row);
    if (set == null) {
      set = new HashSet<>();
      cells.object(row, values, set);
    }
    return set;
  }

  Object count(Cells cells, int row, long timeMs) {
    Set<Object> set = held(cells, row);
    return set == null ? 0L : (long) set.size();
  }

  @Override
  long bytes(Cells cells, int row) {
    Set<Object> set = held(cells, row);
    return set == null ? 0 : FIXED_BYTES + (long) EACH_BYTES * set.size();
  }
}
