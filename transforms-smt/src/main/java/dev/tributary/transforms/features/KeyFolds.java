package dev.tributary.transforms.features;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/**
 * One key's partial results: by tile for windows of time and sessions, and as they came for {@code
 * over all}.
 *
 * <p>Per window the result of the tiles before the newest is kept, so that an event costs one merge
 * with its own tile; it is made again when the newest tile is another one, and when an event comes
 * out of order. For an event out of order the same is put together as of its own tile.
 */
final class KeyFolds {
  private static final long NO_TILE = Long.MIN_VALUE;

  private final FoldPlan plan;
  private final TileTree tree;

  /** Per window: the result of what lies before the tile of {@link #olderThan}. */
  private final Cells older;

  private final long[] olderThan;

  /** Per session window: the result of those tiles of the last session that are let go of. */
  private final Cells prefixes;

  /** Everything, as it came; null where no feature asks for it. */
  private final Cells all;

  private long objectBytes;

  KeyFolds(FoldPlan plan) {
    this.plan = plan;
    this.tree = plan.hasWindows() ? plan.newTree() : null;
    this.older = plan.layout().cells(plan.windows());
    this.olderThan = new long[plan.windows()];
    java.util.Arrays.fill(olderThan, NO_TILE);
    this.prefixes = plan.sessions() > 0 ? plan.layout().cells(plan.sessions()) : null;
    this.all = plan.hasAll() ? plan.layout().cells(1) : null;
  }

  long newestTile() {
    return tree == null ? NO_TILE : tree.tiles.newest();
  }

  /**
   * Takes an event into {@code over all}.
   *
   * @param into gets the values of those features
   */
  void addToAll(EventValues event, long timeMs, Object[] into) {
    if (all == null) {
      return;
    }
    for (FoldPlan.View view : plan.viewsOfAll(true)) {
      into[view.feature()] = view.finish().of(all, 0, timeMs);
    }
    for (FoldPlan.Column column : plan.columnsOfAll()) {
      if (column.takes(event)) {
        objectBytes -= column.fold().bytes(all, 0);
        column.fold().add(all, 0, column.value(event), timeMs);
        objectBytes += column.fold().bytes(all, 0);
      }
    }
    for (FoldPlan.View view : plan.viewsOfAll(false)) {
      into[view.feature()] = view.finish().of(all, 0, timeMs);
    }
  }

  /**
   * Takes an event into its tile.
   *
   * @param oldest tiles before it are let go of
   * @param into gets the values of the features that have windows
   */
  void add(long tile, long oldest, EventValues event, long timeMs, Object[] into) {
    if (tree == null) {
      return;
    }
    boolean isNewest = tile >= tree.tiles.newest();
    advance(tile);
    int row = tree.place(tile);
    Cells tiles = tree.tiles.cells;
    if (plan.sessions() > 0) {
      joinSession(tiles, row, timeMs);
    }
    Cells rows = isNewest ? older : plan.scratch();
    for (int window = 0; window < plan.windows(); window++) {
      if (!isNewest || olderThan[window] != tile) {
        rows.clear(window);
        foldOlder(window, tile, row, rows);
        if (isNewest) {
          olderThan[window] = tile;
        }
      }
    }
    answer(plan.views(true), rows, row, timeMs, into);
    take(event, timeMs, row, rows);
    answer(plan.views(false), rows, row, timeMs, into);
    if (!isNewest) {
      tree.changed(tile);
      java.util.Arrays.fill(olderThan, NO_TILE);
    }
    while (tree.tiles.id(tree.tiles.head()) < oldest) {
      dropHead();
    }
  }

  /** The values as of the newest tile, without a change. */
  void current(long timeMs, Object[] into) {
    if (all != null) {
      for (boolean exclusive : new boolean[] {true, false}) {
        for (FoldPlan.View view : plan.viewsOfAll(exclusive)) {
          into[view.feature()] = view.finish().of(all, 0, timeMs);
        }
      }
    }
    if (tree != null) {
      Cells rows = plan.scratch();
      long newest = tree.tiles.newest();
      int row = tree.tiles.end() - 1;
      for (int window = 0; window < plan.windows(); window++) {
        rows.clear(window);
        if (row >= 0) {
          foldOlder(window, newest, row, rows);
        }
      }
      answer(plan.views(true), rows, row, timeMs, into);
      answer(plan.views(false), rows, row, timeMs, into);
    }
  }

  /** Lets go of all tiles. */
  void trim() {
    while (tree != null && !tree.tiles.isEmpty()) {
      dropHead();
    }
    for (int window = 0; window < plan.windows(); window++) {
      older.clear(window);
    }
    java.util.Arrays.fill(olderThan, NO_TILE);
  }

  /** What is kept of windows besides their tiles is left out, as it is made again of them. */
  void write(StateOutput out) {
    if (tree != null) {
      tree.tiles.write(out);
    }
    for (int session = 0; session < plan.sessions(); session++) {
      prefixes.write(session, out);
    }
    if (all != null) {
      all.write(0, out);
    }
  }

  /** Into a new one of the same plan. */
  void read(StateInput in) {
    if (tree != null) {
      tree.tiles.read(in);
      for (int row = tree.tiles.head(); row < tree.tiles.end(); row++) {
        for (FoldPlan.Column column : plan.columns()) {
          objectBytes += column.fold().bytes(tree.tiles.cells, row);
        }
      }
    }
    for (int session = 0; session < plan.sessions(); session++) {
      prefixes.read(session, in);
    }
    if (all != null) {
      all.read(0, in);
      for (FoldPlan.Column column : plan.columnsOfAll()) {
        objectBytes += column.fold().bytes(all, 0);
      }
    }
  }

  /** About how much memory it takes. */
  long bytes() {
    return 64
        + objectBytes
        + (tree == null ? 0 : tree.bytes())
        + older.bytes()
        + 16
        + 8L * olderThan.length
        + (prefixes == null ? 0 : prefixes.bytes())
        + (all == null ? 0 : all.bytes());
  }

  private void take(EventValues event, long timeMs, int row, Cells rows) {
    Cells tiles = tree.tiles.cells;
    for (FoldPlan.Column column : plan.columns()) {
      if (column.takes(event)) {
        Object value = column.value(event);
        Fold fold = column.fold();
        objectBytes -= fold.bytes(tiles, row);
        fold.add(tiles, row, value, timeMs);
        objectBytes += fold.bytes(tiles, row);
        if (fold.ignoresOrder()) {
          for (int window : column.windows()) {
            fold.add(rows, window, value, timeMs);
          }
        }
      }
    }
  }

  private void answer(FoldPlan.View[] views, Cells rows, int tileRow, long timeMs, Object[] into) {
    Cells result = plan.result();
    for (FoldPlan.View view : views) {
      if (view.fold().ignoresOrder() || tileRow < 0) {
        into[view.feature()] = view.finish().of(rows, view.window(), timeMs);
      } else {
        result.clear(0);
        view.fold().merge(result, 0, rows, view.window());
        view.fold().merge(result, 0, tree.tiles.cells, tileRow);
        into[view.feature()] = view.finish().of(result, 0, timeMs);
      }
    }
  }

  /**
   * Puts together what lies before a tile in a window; of folds that ignore order the tile itself,
   * too, as events are then added to both.
   */
  private void foldOlder(int window, long tile, int row, Cells rows) {
    Fold[] folds = plan.folds(window);
    if (plan.isSession(window)) {
      foldSession(window, row, folds, rows);
    } else {
      tree.fold(plan.after(window, tile), tile - 1, folds, rows, window);
    }
    for (Fold fold : folds) {
      if (fold.ignoresOrder()) {
        fold.merge(rows, window, tree.tiles.cells, row);
      }
    }
  }

  // sessions

  /** The next tile's result of a session is that of the one before and the one before's own. */
  private void advance(long tile) {
    long newest = tree.tiles.newest();
    if (plan.sessions() == 0 || tile <= newest || newest == NO_TILE) {
      return;
    }
    for (int window = plan.firstSession(); window < plan.windows(); window++) {
      if (olderThan[window] == newest) {
        for (Fold fold : plan.folds(window)) {
          if (!fold.ignoresOrder()) {
            fold.merge(older, window, tree.tiles.cells, tree.tiles.end() - 1);
          }
        }
        // right if the next event is of the same session, which joinSession decides
        olderThan[window] = tile;
      }
    }
  }

  /** Notes the event's time, and drops what is kept of sessions that begin or grow by it. */
  private void joinSession(Cells tiles, int row, long timeMs) {
    SpanFold chain = plan.chain();
    boolean isNew = chain.isEmpty(tiles, row);
    boolean grows = !isNew && timeMs < chain.first(tiles, row);
    chain.add(tiles, row, null, timeMs);
    if (!isNew && !grows) {
      return;
    }
    for (int window = plan.firstSession(); window < plan.windows(); window++) {
      if (grows || !follows(window, row)) {
        olderThan[window] = NO_TILE;
      }
    }
  }

  /** Whether a tile's first event goes on with the session of the tile before. */
  private boolean follows(int window, int row) {
    SpanFold chain = plan.chain();
    Level tiles = tree.tiles;
    long first = chain.first(tiles.cells, row);
    if (row > tiles.head()) {
      return isWithin(plan.gapMs(window), chain.last(tiles.cells, row - 1), first);
    }
    int session = window - plan.firstSession();
    return !chain.isEmpty(prefixes, session)
        && isWithin(plan.gapMs(window), chain.last(prefixes, session), first);
  }

  private static boolean isWithin(long gapMs, long before, long after) {
    return gapMs == Window.Session.ENDLESS || after - before <= gapMs;
  }

  private void foldSession(int window, int row, Fold[] folds, Cells rows) {
    int first = row;
    while (first > tree.tiles.head() && follows(window, first)) {
      first--;
    }
    if (first == tree.tiles.head() && follows(window, first)) {
      merge(folds, rows, window, prefixes, window - plan.firstSession());
    }
    for (int i = first; i < row; i++) {
      merge(folds, rows, window, tree.tiles.cells, i);
    }
  }

  private void dropHead() {
    int head = tree.tiles.head();
    Cells tiles = tree.tiles.cells;
    for (int session = 0; session < plan.sessions(); session++) {
      int window = plan.firstSession() + session;
      if (!follows(window, head)) {
        prefixes.clear(session);
      }
      plan.chain().merge(prefixes, session, tiles, head);
      merge(plan.folds(window), prefixes, session, tiles, head);
    }
    for (FoldPlan.Column column : plan.columns()) {
      objectBytes -= column.fold().bytes(tiles, head);
    }
    tree.dropHead();
  }

  private static void merge(Fold[] folds, Cells into, int row, Cells from, int fromRow) {
    for (Fold fold : folds) {
      fold.merge(into, row, from, fromRow);
    }
  }
}
