package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Condition;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Works out features the slow, obvious way: from all events anew. */
@SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
final class FeatureOracle {
  record Event(int key, long time, Map<String, Object> fields, boolean late) {
    Object get(String field) {
      return fields.get(field);
    }
  }

  private final WindowPlan plan;
  private final Map<String, Feature> byName = new HashMap<>();

  FeatureOracle(WindowPlan plan) {
    this.plan = plan;
    plan.features().forEach(f -> byName.put(f.name(), f));
  }

  /** The value as of an event, given all events up to it in the order they came. */
  @SuppressWarnings("ReferenceEquality") // an equal event is another one
  Object value(Feature feature, List<Event> events) {
    Event now = events.get(events.size() - 1);
    if (feature.aggregate() == Aggregate.RATIO) {
      Object above = value(byName.get(feature.operands().get(0)), events);
      Object below = value(byName.get(feature.operands().get(1)), events);
      return above instanceof Number a && below instanceof Number b && b.doubleValue() != 0
          ? (Object) (a.doubleValue() / b.doubleValue())
          : null;
    }
    boolean ofAll = feature.window() instanceof Window.All;
    if (now.late() && !ofAll) {
      return null;
    }
    List<Event> held = new ArrayList<>(window(feature, events, now));
    boolean withoutNow = feature.exclusive() || feature.aggregate() == Aggregate.SECONDS_SINCE_LAST;
    if (withoutNow) {
      held.removeIf(e -> e == now);
    }
    held.removeIf(e -> !holds(feature.where(), e));
    if (feature.field() != null) {
      held.removeIf(e -> e.get(feature.field()) == null);
    }
    held.sort(Comparator.comparingLong(Event::time));
    return aggregate(feature, held, now);
  }

  private List<Event> window(Feature feature, List<Event> events, Event now) {
    List<Event> ofKey = events.stream().filter(e -> e.key() == now.key()).toList();
    if (feature.window() instanceof Window.All) {
      return ofKey;
    }
    long w = plan.tileMs();
    List<Event> upToTile =
        ofKey.stream()
            .filter(e -> !e.late() && Math.floorDiv(e.time(), w) <= Math.floorDiv(now.time(), w))
            .sorted(Comparator.comparingLong(Event::time))
            .toList();
    if (feature.window() instanceof Window.Sliding sliding) {
      long tiles = (sliding.lengthMs() + w - 1) / w;
      return upToTile.stream()
          .filter(e -> Math.floorDiv(e.time(), w) > Math.floorDiv(now.time(), w) - tiles)
          .toList();
    }
    if (feature.window() instanceof Window.Hopping hopping) {
      long end = (Math.floorDiv(now.time(), hopping.hopMs()) + 1) * hopping.hopMs();
      return upToTile.stream().filter(e -> e.time() >= end - hopping.lengthMs()).toList();
    }
    if (feature.window() instanceof Window.Session session) {
      int first = upToTile.size() - 1;
      while (first > 0
          && upToTile.get(first).time() - upToTile.get(first - 1).time() <= session.gapMs()) {
        first--;
      }
      return upToTile.subList(first, upToTile.size());
    }
    return upToTile;
  }

  /** Enough of conditions for what the tests declare. */
  private static boolean holds(Condition where, Event event) {
    if (where == null) {
      return true;
    }
    if (where instanceof Condition.Comparison c
        && c.left() instanceof Condition.Operand.Field field
        && c.right() instanceof Condition.Operand.Literal literal) {
      Object value = event.get(field.path());
      if (value == null) {
        return false;
      }
      int order =
          literal.value() instanceof BigDecimal number
              ? new BigDecimal(value.toString()).compareTo(number)
              : value.toString().compareTo((String) literal.value());
      return c.operator().holds(Integer.signum(order));
    }
    throw new IllegalArgumentException("the oracle does not know " + where);
  }

  private static Object aggregate(Feature feature, List<Event> held, Event now) {
    List<Object> values = held.stream().map(e -> e.get(feature.field())).toList();
    return switch (feature.aggregate()) {
      case COUNT -> (long) held.size();
      case SUM -> sum(values);
      case AVG -> values.isEmpty() ? null : (Object) (total(values).doubleValue() / values.size());
      case MIN -> values.stream().min(FeatureOracle::compare).orElse(null);
      case MAX -> values.stream().max(FeatureOracle::compare).orElse(null);
      case VARIANCE -> variance(values, 0);
      case VARIANCE_SAMP -> variance(values, 1);
      case STDDEV -> root(variance(values, 0));
      case STDDEV_SAMP -> root(variance(values, 1));
      case FIRST -> values.isEmpty() ? null : values.get(0);
      case LAST -> values.isEmpty() ? null : values.get(values.size() - 1);
      case LAST_N ->
          values.subList(
              Math.max(0, values.size() - feature.numbers().get(0).intValueExact()), values.size());
      case DISTINCT, APPROX_DISTINCT -> values.stream().map(FeatureOracle::same).distinct().count();
      case PERCENTILE -> percentile(values, feature.numbers().get(0).doubleValue());
      case TOP_K -> top(values, feature.numbers().get(0).intValueExact());
      case HISTOGRAM -> histogram(values, feature.numbers());
      case RATE -> held.size() / (length(feature.window()) / 1_000.0);
      case SECONDS_SINCE_LAST ->
          held.isEmpty() ? null : (Object) (Math.max(0, now.time() - last(held).time()) / 1_000.0);
      case DECAYED_COUNT -> decayed(feature, held, now, e -> 1);
      case DECAYED_SUM -> decayed(feature, held, now, e -> number(e.get(feature.field())));
      case DECAYED_AVG ->
          held.isEmpty()
              ? null
              : (Object)
                  (decayed(feature, held, now, e -> number(e.get(feature.field())))
                      / decayed(feature, held, now, e -> 1));
      case FIRST_SEEN -> held.isEmpty() ? null : new Date(held.get(0).time());
      case LAST_SEEN -> held.isEmpty() ? null : new Date(last(held).time());
      case DURATION ->
          held.isEmpty() ? null : (Object) ((last(held).time() - held.get(0).time()) / 1_000.0);
      case RATIO -> throw new IllegalStateException();
    };
  }

  private static Event last(List<Event> events) {
    return events.get(events.size() - 1);
  }

  private static long length(Window window) {
    return window instanceof Window.Sliding sliding
        ? sliding.lengthMs()
        : ((Window.Hopping) window).lengthMs();
  }

  private static BigDecimal total(List<Object> values) {
    return values.stream()
        .map(v -> new BigDecimal(v.toString()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Object sum(List<Object> values) {
    BigDecimal total = total(values);
    if (values.stream().anyMatch(Double.class::isInstance)) {
      return total.doubleValue();
    }
    return values.stream().allMatch(Long.class::isInstance)
        ? (Object) total.longValueExact()
        : total;
  }

  private static Double variance(List<Object> values, int less) {
    int n = values.size();
    if (n - less < 1) {
      return null;
    }
    BigDecimal mean = total(values).divide(BigDecimal.valueOf(n), MathContext.DECIMAL128);
    return values.stream()
            .map(v -> new BigDecimal(v.toString()).subtract(mean).pow(2))
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .doubleValue()
        / (n - less);
  }

  private static Double root(Double variance) {
    return variance == null ? null : Math.sqrt(variance);
  }

  private static Object percentile(List<Object> values, double percent) {
    if (values.isEmpty()) {
      return null;
    }
    List<Double> sorted = values.stream().map(FeatureOracle::number).sorted().toList();
    int rank = (int) Math.ceil(percent / 100 * sorted.size());
    return sorted.get(Math.max(1, rank) - 1);
  }

  private static List<TopValue> top(List<Object> values, int k) {
    Map<Object, Long> counts = new TreeMap<>(FeatureOracle::compare);
    values.forEach(v -> counts.merge(same(v), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(e -> new TopValue(e.getKey(), e.getValue()))
        .sorted(Comparator.comparingLong(TopValue::count).reversed())
        .limit(k)
        .toList();
  }

  private static List<Long> histogram(List<Object> values, List<BigDecimal> bounds) {
    List<Long> buckets = new ArrayList<>();
    for (int i = 0; i <= bounds.size(); i++) {
      int at = i;
      buckets.add(
          values.stream()
              .map(v -> new BigDecimal(v.toString()))
              .filter(v -> at == 0 || v.compareTo(bounds.get(at - 1)) >= 0)
              .filter(v -> at == bounds.size() || v.compareTo(bounds.get(at)) < 0)
              .count());
    }
    return buckets;
  }

  private static double decayed(
      Feature feature,
      List<Event> held,
      Event now,
      java.util.function.ToDoubleFunction<Event> value) {
    double halfLife = feature.numbers().get(0).doubleValue();
    // an event that is newer, within the tile, makes its own time the one that is asked for
    long at = Math.max(now.time(), held.isEmpty() ? 0 : last(held).time());
    return held.stream()
        .mapToDouble(e -> value.applyAsDouble(e) * Math.pow(2, -(at - e.time()) / halfLife))
        .sum();
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  /** One object per value: 1.50 is 1.5. */
  private static Object same(Object value) {
    return value instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : value;
  }

  private static int compare(Object a, Object b) {
    return a instanceof String text
        ? text.compareTo(b.toString())
        : new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
  }

  /** Equal, or nearly so for floating-point numbers. */
  static boolean near(Object actual, Object expected) {
    if (actual instanceof Double a && expected instanceof Double b) {
      return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }
    if (actual instanceof BigDecimal a && expected instanceof Number) {
      return a.compareTo(new BigDecimal(expected.toString())) == 0;
    }
    if (expected instanceof BigDecimal b && actual instanceof Number) {
      return b.compareTo(new BigDecimal(actual.toString())) == 0;
    }
    return Objects.equals(actual, expected);
  }
}
