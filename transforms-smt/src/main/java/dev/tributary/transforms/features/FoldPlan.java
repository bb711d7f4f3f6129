package dev.tributary.transforms.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What is kept besides plain counts: which partial results, over which windows. Also holds the
 * space in which single answers are worked out, so it belongs to one task.
 */
final class FoldPlan {

  /**
   * A fold of the events for which a condition holds.
   *
   * @param condition its position in the plan, or -1
   * @param field whose value the fold takes, or -1
   * @param ofNumbers whether it takes the value as a number
   * @param windows over which it is asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // read on the record path, and never compared
  record Column(Fold fold, int condition, int field, boolean ofNumbers, int[] windows) {
    boolean takes(EventValues event) {
      return (condition < 0 || event.holds[condition]) && (field < 0 || value(event) != null);
    }

    Object value(EventValues event) {
      return field < 0 ? null : ofNumbers ? event.numbers[field] : event.values[field];
    }
  }

  /** A feature: what it makes of the result of a fold over a window. */
  record View(int feature, Fold fold, int window, Fold.Finish finish) {}

  private final Fold.Layout layout;
  private final List<TileSpan> spans;
  private final List<Long> gaps;
  private final SpanFold chain;
  private final Column[] columns;
  private final Column[] columnsOfAll;
  private final Fold[][] folds;
  private final List<Fold> allFolds = new ArrayList<>();
  private final View[][] views;
  private final View[][] viewsOfAll;
  private final int height;
  private final Cells scratch;
  private final Cells result;

  private FoldPlan(Builder builder) {
    layout = builder.layout;
    spans = List.copyOf(builder.spans);
    gaps = List.copyOf(builder.gaps);
    chain = builder.chain;
    columns = builder.columns(false);
    columnsOfAll = builder.columns(true);
    folds = new Fold[spans.size() + gaps.size()][];
    for (int window = 0; window < folds.length; window++) {
      int at = window;
      folds[window] =
          Arrays.stream(columns)
              .filter(c -> Arrays.stream(c.windows()).anyMatch(w -> w == at))
              .map(Column::fold)
              .toArray(Fold[]::new);
    }
    for (Column column : columns) {
      allFolds.add(column.fold());
    }
    views = builder.views(false);
    viewsOfAll = builder.views(true);
    height = TileTree.height(spans.stream().mapToLong(TileSpan::tiles).max().orElse(0));
    scratch = layout.cells(folds.length);
    result = layout.cells(1);
  }

  boolean isEmpty() {
    return !hasWindows() && !hasAll();
  }

  boolean hasWindows() {
    return folds.length > 0;
  }

  boolean hasAll() {
    return columnsOfAll.length > 0;
  }

  /** All windows: those of time, then sessions. */
  int windows() {
    return folds.length;
  }

  int sessions() {
    return gaps.size();
  }

  int firstSession() {
    return spans.size();
  }

  boolean isSession(int window) {
    return window >= spans.size();
  }

  long gapMs(int window) {
    return gaps.get(window - spans.size());
  }

  long after(int window, long tile) {
    return spans.get(window).after(tile);
  }

  /** The times of all events of a tile, by which sessions are told apart. */
  SpanFold chain() {
    return chain;
  }

  Column[] columns() {
    return columns;
  }

  Column[] columnsOfAll() {
    return columnsOfAll;
  }

  /** The folds that are asked for over a window. */
  Fold[] folds(int window) {
    return folds[window];
  }

  View[] views(boolean exclusive) {
    return views[exclusive ? 1 : 0];
  }

  View[] viewsOfAll(boolean exclusive) {
    return viewsOfAll[exclusive ? 1 : 0];
  }

  Fold.Layout layout() {
    return layout;
  }

  TileTree newTree() {
    return new TileTree(layout, allFolds, height);
  }

  /** A row per window, for an answer as of an older tile. */
  Cells scratch() {
    return scratch;
  }

  /** One row. */
  Cells result() {
    return result;
  }

  /** Collects folds and windows, each once. */
  static final class Builder {
    private final Fold.Layout layout = new Fold.Layout();
    private final List<TileSpan> spans = new ArrayList<>();
    private final List<Long> gaps = new ArrayList<>();
    private final Map<Object, Entry> entries = new LinkedHashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private SpanFold chain;

    private static final class Entry {
      final Fold fold;
      final int condition;
      final int field;
      final boolean ofNumbers;
      final List<Object> windows = new ArrayList<>();

      Entry(Fold fold, int condition, int field, boolean ofNumbers) {
        this.fold = fold;
        this.condition = condition;
        this.field = field;
        this.ofNumbers = ofNumbers;
      }
    }

    private record Pending(
        int feature, Fold fold, Object window, boolean exclusive, Fold.Finish finish) {}

    private record Identity(Object kind, int condition, int field, boolean ofAll) {}

    /** Where {@code over all} stands in place of a window. */
    static final Object ALL = "all";

    void span(TileSpan span) {
      if (!spans.contains(span)) {
        spans.add(span);
      }
    }

    void session(long gapMs) {
      if (chain == null) {
        chain = new SpanFold(layout);
      }
      if (!gaps.contains(gapMs)) {
        gaps.add(gapMs);
      }
    }

    /**
     * Adds a feature.
     *
     * @param kind two features with equal kinds, conditions and fields share a fold
     * @param window a TileSpan, a gap in milliseconds, or {@link #ALL}
     */
    <F extends Fold> void view(
        int feature,
        Object kind,
        Function<Fold.Layout, F> maker,
        int condition,
        int field,
        boolean ofNumbers,
        Object window,
        boolean exclusive,
        Function<F, Fold.Finish> finish) {
      Entry entry =
          entries.computeIfAbsent(
              new Identity(kind, condition, field, window == ALL),
              k -> new Entry(maker.apply(layout), condition, field, ofNumbers));
      if (!entry.windows.contains(window)) {
        entry.windows.add(window);
      }
      @SuppressWarnings("unchecked") // equal kinds make equal folds
      F fold = (F) entry.fold;
      pending.add(new Pending(feature, fold, window, exclusive, finish.apply(fold)));
    }

    FoldPlan build() {
      return new FoldPlan(this);
    }

    private int window(Object window) {
      return window instanceof TileSpan span
          ? spans.indexOf(span)
          : window == ALL ? 0 : spans.size() + gaps.indexOf(window);
    }

    private Column[] columns(boolean ofAll) {
      return entries.values().stream()
          .filter(e -> e.windows.contains(ALL) == ofAll)
          .map(
              e ->
                  new Column(
                      e.fold,
                      e.condition,
                      e.field,
                      e.ofNumbers,
                      e.windows.stream().mapToInt(this::window).toArray()))
          .toArray(Column[]::new);
    }

    private View[][] views(boolean ofAll) {
      View[][] views = new View[2][];
      for (int exclusive = 0; exclusive < 2; exclusive++) {
        boolean wanted = exclusive == 1;
        views[exclusive] =
            pending.stream()
                .filter(p -> (p.window == ALL) == ofAll && p.exclusive == wanted)
                .map(p -> new View(p.feature, p.fold, window(p.window), p.finish))
                .toArray(View[]::new);
      }
      return views;
    }
  }
}
