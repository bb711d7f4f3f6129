package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Condition;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Says of each feature what has to be kept for it: counts, or a fold. */
final class PlanBuilder {
  private static final int DEFAULT_DISTINCT = 10_000;
  private static final int NONE = -1;

  private final long tileMs;
  private final Map<String, Integer> fields;
  private final List<Condition> conditions;
  private final CountPlan.Builder countBuilder = new CountPlan.Builder();
  private final FoldPlan.Builder foldBuilder = new FoldPlan.Builder();
  private CountPlan counts;
  private boolean hasEndless;

  PlanBuilder(long tileMs, Map<String, Integer> fields, List<Condition> conditions) {
    this.tileMs = tileMs;
    this.fields = fields;
    this.conditions = conditions;
  }

  void add(int position, Feature feature, Condition condition) {
    if (feature.aggregate() == Aggregate.RATIO) {
      return;
    }
    if (isCounted(feature)) {
      TileSpan span = span(feature.window());
      for (CountPlan.Column column : countColumns(feature, condition)) {
        int at = countBuilder.column(column);
        if (span != null) {
          countBuilder.view(at, span);
        }
      }
      return;
    }
    Object window = foldWindow(feature);
    boolean exclusive = feature.exclusive() || feature.aggregate() == Aggregate.SECONDS_SINCE_LAST;
    new FoldChoice(position, feature, index(condition), window, exclusive).add();
  }

  CountPlan counts() {
    if (counts == null) {
      counts = countBuilder.build();
    }
    return counts;
  }

  FoldPlan folds() {
    return foldBuilder.build();
  }

  /** Whether there is a window that no pause ends. */
  boolean hasEndless() {
    return hasEndless;
  }

  /** The positions of a feature's numbers among those of the counts; null if it is none of them. */
  int[] numbers(Feature feature, Condition condition) {
    if (!isCounted(feature)) {
      return null;
    }
    TileSpan span = span(feature.window());
    int[] columns = columns(feature, condition);
    int[] numbers = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      numbers[i] = span == null ? counts().total(columns[i]) : counts().number(columns[i], span);
    }
    return numbers;
  }

  int[] columns(Feature feature, Condition condition) {
    return countColumns(feature, condition).stream().mapToInt(countBuilder::column).toArray();
  }

  /** The tiles of a window of time; null for others. */
  TileSpan span(Window window) {
    if (window instanceof Window.Sliding sliding) {
      return new TileSpan(-Math.floorDiv(-sliding.lengthMs(), tileMs), 0);
    }
    if (window instanceof Window.Hopping hopping) {
      return new TileSpan(hopping.lengthMs() / tileMs, hopping.hopMs() / tileMs);
    }
    return null;
  }

  private static boolean isCounted(Feature feature) {
    return switch (feature.aggregate()) {
      case COUNT -> !(feature.window() instanceof Window.Session);
      case RATE, HISTOGRAM -> true;
      default -> false;
    };
  }

  private List<CountPlan.Column> countColumns(Feature feature, Condition condition) {
    int at = index(condition);
    if (feature.aggregate() != Aggregate.HISTOGRAM) {
      return List.of(new CountPlan.Column(at, NONE, 0, 0));
    }
    int field = fields.get(feature.field());
    List<BigDecimal> bounds = feature.numbers();
    return java.util.stream.IntStream.rangeClosed(0, bounds.size())
        .mapToObj(
            i ->
                new CountPlan.Column(
                    at,
                    field,
                    i == 0 ? Double.NEGATIVE_INFINITY : bounds.get(i - 1).doubleValue(),
                    i == bounds.size() ? Double.POSITIVE_INFINITY : bounds.get(i).doubleValue()))
        .toList();
  }

  private int index(Condition condition) {
    return condition == null ? NONE : conditions.indexOf(condition);
  }

  private Object foldWindow(Feature feature) {
    if (feature.window() instanceof Window.All) {
      return FoldPlan.Builder.ALL;
    }
    TileSpan span = span(feature.window());
    if (span != null) {
      foldBuilder.span(span);
      return span;
    }
    long gap =
        feature.window() instanceof Window.Session session
            ? session.gapMs()
            : Window.Session.ENDLESS;
    hasEndless |= gap == Window.Session.ENDLESS;
    foldBuilder.session(gap);
    return gap;
  }

  /** Which fold a feature needs, and what it makes of it. */
  private final class FoldChoice {
    private final int position;
    private final Feature feature;
    private final int condition;
    private final Object window;
    private final boolean exclusive;

    FoldChoice(int position, Feature feature, int condition, Object window, boolean exclusive) {
      this.position = position;
      this.feature = feature;
      this.condition = condition;
      this.window = window;
      this.exclusive = exclusive;
    }

    void add() {
      switch (feature.aggregate()) {
        case COUNT -> events("count", CountFold::new, fold -> fold::count);
        case SUM -> numbers("sum", SumFold::new, fold -> fold::sum);
        case AVG -> numbers("sum", SumFold::new, fold -> fold::mean);
        case MIN -> values("min", l -> new ExtremeFold(l, false), fold -> fold::value);
        case MAX -> values("max", l -> new ExtremeFold(l, true), fold -> fold::value);
        case STDDEV -> numbers("moments", MomentsFold::new, fold -> fold.deviation(false));
        case STDDEV_SAMP -> numbers("moments", MomentsFold::new, fold -> fold.deviation(true));
        case VARIANCE -> numbers("moments", MomentsFold::new, fold -> fold.variance(false));
        case VARIANCE_SAMP -> numbers("moments", MomentsFold::new, fold -> fold.variance(true));
        case FIRST -> values("first", l -> new EdgeFold(l, false), fold -> fold::value);
        case LAST -> values("last", l -> new EdgeFold(l, true), fold -> fold::value);
        case LAST_N ->
            values(List.of("last", size(0)), l -> new NewestFold(l, size(0)), f -> f::values);
        case DISTINCT ->
            values(
                List.of("distinct", size(DEFAULT_DISTINCT)),
                l -> new DistinctFold(l, size(DEFAULT_DISTINCT)),
                fold -> fold::count);
        case APPROX_DISTINCT ->
            values("approx_distinct", ApproxDistinctFold::new, fold -> fold::estimate);
        case PERCENTILE ->
            numbers(
                "kll",
                PercentileFold::new,
                fold -> fold.percentile(feature.numbers().get(0).doubleValue()));
        case TOP_K -> values(List.of("top", size(0)), l -> new TopFold(l, size(0)), f -> f::top);
        case SECONDS_SINCE_LAST -> events("span", SpanFold::new, fold -> fold::secondsSince);
        case FIRST_SEEN -> events("span", SpanFold::new, fold -> fold::firstSeen);
        case LAST_SEEN -> events("span", SpanFold::new, fold -> fold::lastSeen);
        case DURATION -> events("span", SpanFold::new, fold -> fold::duration);
        case DECAYED_COUNT -> events(decay(), this::decayFold, fold -> fold::count);
        case DECAYED_SUM -> numbers(decay(), this::decayFold, fold -> fold::sum);
        case DECAYED_AVG -> numbers(decay(), this::decayFold, fold -> fold::mean);
        case RATE, RATIO, HISTOGRAM -> throw new IllegalStateException("made of counts");
      }
    }

    private Object decay() {
      return List.of("decay", feature.numbers().get(0));
    }

    private DecayFold decayFold(Fold.Layout layout) {
      return new DecayFold(layout, feature.numbers().get(0).doubleValue());
    }

    private int size(int byDefault) {
      return feature.numbers().isEmpty() ? byDefault : feature.numbers().get(0).intValueExact();
    }

    private <F extends Fold> void events(
        Object kind, Function<Fold.Layout, F> maker, Function<F, Fold.Finish> finish) {
      foldBuilder.view(position, kind, maker, condition, NONE, false, window, exclusive, finish);
    }

    private <F extends Fold> void numbers(
        Object kind, Function<Fold.Layout, F> maker, Function<F, Fold.Finish> finish) {
      int field = fields.get(feature.field());
      foldBuilder.view(position, kind, maker, condition, field, true, window, exclusive, finish);
    }

    private <F extends Fold> void values(
        Object kind, Function<Fold.Layout, F> maker, Function<F, Fold.Finish> finish) {
      int field = fields.get(feature.field());
      foldBuilder.view(position, kind, maker, condition, field, false, window, exclusive, finish);
    }
  }
}
