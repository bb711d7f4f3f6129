package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The most frequent values. Exact as long as a window holds no more different values than it keeps;
 * beyond that a new one takes the place and the count of the rarest (A. Metwally et al., "Efficient
 * Computation of Frequent and Top-k Elements in Data Streams", 2005), so that a count is at most
 * too high.
 */
final class TopFold extends Fold {
  private static final int KEPT = 1_000;
  private static final int KEPT_PER_PLACE = 10;
  private static final int EACH_BYTES = 96;
  private static final int FIXED_BYTES = 128;
  private static final Comparator<TopValue> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(TopValue::count).reversed().thenComparing(TopFold::compareValues);

  private final int counts;
  private final int places;
  private final int kept;

  TopFold(Layout layout, int places) {
    this.counts = layout.objects(1);
    this.places = places;
    this.kept = Math.max(KEPT, KEPT_PER_PLACE * places);
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    Map<Object, Long> own = own(cells, row);
    Object same = Values.identity(value);
    Long before = own.get(same);
    if (before == null && own.size() >= kept) {
      Map.Entry<Object, Long> rarest = null;
      for (Map.Entry<Object, Long> entry : own.entrySet()) {
        rarest = rarest == null || entry.getValue() < rarest.getValue() ? entry : rarest;
      }
      before = rarest.getValue();
      own.remove(rarest.getKey());
    }
    own.put(same, before == null ? 1L : before + 1);
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    Map<Object, Long> others = held(from, fromRow);
    if (others == null) {
      return;
    }
    Map<Object, Long> own = own(into, row);
    others.forEach((value, count) -> own.merge(value, count, Long::sum));
    if (own.size() > kept) {
      List<TopValue> best = sorted(own).subList(0, kept);
      own.clear();
      best.forEach(value -> own.put(value.value(), value.count()));
    }
  }

  private static List<TopValue> sorted(Map<Object, Long> counts) {
    List<TopValue> sorted = new ArrayList<>(counts.size());
    counts.forEach((value, count) -> sorted.add(new TopValue(value, count)));
    sorted.sort(MOST_FREQUENT_FIRST);
    return sorted;
  }

  private static int compareValues(TopValue a, TopValue b) {
    int order = Values.compare(a.value(), b.value());
    return order == Values.INCOMPARABLE
        ? String.valueOf(a.value()).compareTo(String.valueOf(b.value()))
        : order;
  }

  @SuppressWarnings("unchecked") // put there by own
  private Map<Object, Long> held(Cells cells, int row) {
    return (Map<Object, Long>) cells.object(row, counts);
  }

  private Map<Object, Long> own(Cells cells, int row) {
    Map<Object, Long> own = held(cells, row);
    if (own == null) {
      own = new LinkedHashMap<>();
      cells.object(row, counts, own);
    }
    return own;
  }

  Object top(Cells cells, int row, long timeMs) {
    Map<Object, Long> own = held(cells, row);
    if (own == null) {
      return List.of();
    }
    List<TopValue> sorted = sorted(own);
    return List.copyOf(sorted.subList(0, Math.min(places, sorted.size())));
  }

  @Override
  long bytes(Cells cells, int row) {
    Map<Object, Long> own = held(cells, row);
    return own == null ? 0 : FIXED_BYTES + (long) EACH_BYTES * own.size();
  }
}
