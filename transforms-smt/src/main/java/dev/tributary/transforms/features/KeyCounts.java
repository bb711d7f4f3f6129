package dev.tributary.transforms.features;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/**
 * One key's counts: how many events lie in each tile, the running sum of each window as seen from
 * the newest tile, and totals.
 *
 * <p>Tiles without events are not held. In-order events cost a constant on average, however long
 * the windows: each tile enters a window's sum once and leaves it once. An event older than the
 * newest tile is put in its place, and its features are summed up from the tiles.
 *
 * <p>A million keys are to be held, so everything but the numbers lies in one array: the windows'
 * oldest entries, then the entries, each a tile (from {@code base} on) and one count per column. A
 * tile whose count is full has a further entry.
 */
final class KeyCounts {
  private static final int FIRST_CAPACITY = 2;
  private static final long[] NONE = {};

  private final CountPlan plan;

  /** Per window the entry of its oldest tile; then entries from {@code head} to {@code end}. */
  private int[] data;

  /** Per view its sum, then totals. */
  private final long[] numbers;

  private long base;
  private int head;
  private int end;

  KeyCounts(CountPlan plan) {
    this.plan = plan;
    this.data =
        new int[plan.hasWindows() ? plan.spans().length + FIRST_CAPACITY * plan.stride() : 0];
    this.numbers = plan.isEmpty() ? NONE : new long[plan.numbers()];
  }

  boolean isEmpty() {
    return head == end;
  }

  /** The newest tile; there must be one. */
  long newestTile() {
    return tile(end - 1);
  }

  /** Counts in the totals alone. */
  void addToTotals(boolean[] counts, long[] into) {
    int first = numbers.length - counts.length;
    for (int column = 0; column < counts.length; column++) {
      if (counts[column]) {
        numbers[first + column]++;
      }
      into[first + column] = numbers[first + column];
    }
  }

  /** The numbers as of the newest tile. */
  void current(long[] into) {
    System.arraycopy(numbers, 0, into, 0, numbers.length);
  }

  /**
   * Counts an event in its tile.
   *
   * @param oldest tiles before it are dropped; none that a window sees from the event's tile
   * @param counts which columns count it
   * @param into gets the windows' sums as seen from the event's tile
   */
  void add(long tile, long oldest, boolean[] counts, long[] into) {
    if (head < end && tile < tile(end - 1)) {
      insert(tile, counts);
      sumUp(tile, into);
      return;
    }
    int entry = end - 1;
    if (head == end || tile > tile(entry) || isFull(entry, counts)) {
      append(tile);
      entry = end - 1;
    }
    count(entry, counts);
    TileSpan[] spans = plan.spans();
    for (int window = 0; window < spans.length; window++) {
      leave(window, spans[window].after(tile));
      int first = plan.firstView()[window];
      int[] views = plan.views()[window];
      for (int i = 0; i < views.length; i++) {
        if (counts[views[i]]) {
          numbers[first + i]++;
        }
        into[first + i] = numbers[first + i];
      }
    }
    while (tile(head) < oldest) {
      head++;
    }
  }

  /** Takes the tiles up to the given one out of a window's sums. */
  private void leave(int window, long until) {
    int tail = data[window];
    while (tile(tail) <= until) {
      int first = plan.firstView()[window];
      int[] views = plan.views()[window];
      int at = at(tail++) + 1;
      for (int i = 0; i < views.length; i++) {
        numbers[first + i] -= data[at + views[i]];
      }
    }
    data[window] = tail;
  }

  private void count(int entry, boolean[] counts) {
    int at = at(entry) + 1;
    for (int column = 0; column < counts.length; column++) {
      if (counts[column]) {
        data[at + column]++;
      }
    }
  }

  private boolean isFull(int entry, boolean[] counts) {
    int at = at(entry) + 1;
    for (int column = 0; column < counts.length; column++) {
      if (data[at + column] == Integer.MAX_VALUE) {
        return true;
      }
    }
    return false;
  }

  private void append(long tile) {
    if (head == end) {
      base = tile;
      head = 0;
      end = 0;
      Arrays.fill(data, 0, plan.spans().length, 0);
    }
    if (at(end) == data.length || tile - base > Integer.MAX_VALUE) {
      makeRoom();
    }
    write(end++, tile);
  }

  private void write(int entry, long tile) {
    int at = at(entry);
    data[at] = (int) (tile - base);
    Arrays.fill(data, at + 1, at + plan.stride(), 0);
  }

  private void insert(long tile, boolean[] counts) {
    int place = find(tile);
    boolean isNew = tile(place) != tile || isFull(place, counts);
    if (isNew) {
      if (at(end) == data.length || tile - base < Integer.MIN_VALUE) {
        int offset = head;
        makeRoom();
        place -= offset;
      }
      System.arraycopy(data, at(place), data, at(place + 1), at(end) - at(place));
      write(place, tile);
      end++;
    }
    count(place, counts);
    long newest = newestTile();
    TileSpan[] spans = plan.spans();
    for (int window = 0; window < spans.length; window++) {
      if (tile > spans[window].after(newest)) {
        int first = plan.firstView()[window];
        int[] views = plan.views()[window];
        for (int i = 0; i < views.length; i++) {
          numbers[first + i] += counts[views[i]] ? 1 : 0;
        }
      } else if (isNew) {
        data[window]++;
      }
    }
  }

  /** The first entry whose tile is not before the given one; there is one. */
  private int find(long tile) {
    int low = head;
    int high = end - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tile(middle) < tile) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void sumUp(long tile, long[] into) {
    TileSpan[] spans = plan.spans();
    for (int window = 0; window < spans.length; window++) {
      int first = plan.firstView()[window];
      int[] views = plan.views()[window];
      Arrays.fill(into, first, first + views.length, 0);
      for (int entry = find(spans[window].after(tile) + 1); tile(entry) <= tile; entry++) {
        for (int i = 0; i < views.length; i++) {
          into[first + i] += data[at(entry) + 1 + views[i]];
        }
      }
    }
  }

  /** Gives back the memory of all tiles. The totals stay. */
  void trim() {
    head = 0;
    end = 0;
    int[] windows =
        new int[data.length == 0 ? 0 : plan.spans().length + FIRST_CAPACITY * plan.stride()];
    data = windows;
    Arrays.fill(numbers, 0, numbers.length - plan.columns().length, 0);
  }

  private long tile(int entry) {
    return base + data[at(entry)];
  }

  private int at(int entry) {
    return plan.spans().length + entry * plan.stride();
  }

  /** Makes place for an entry: by moving up to the front where a third of it is free. */
  private void makeRoom() {
    int windows = plan.spans().length;
    int size = end - head;
    int capacity = (data.length - windows) / plan.stride();
    int wanted = size + 1 > capacity - capacity / 3 ? capacity + capacity / 2 + 1 : capacity;
    int[] old = data;
    data = wanted == capacity ? data : new int[windows + wanted * plan.stride()];
    long newBase = base + old[at(head)];
    int shift = old[at(head)];
    System.arraycopy(old, at(head), data, windows, size * plan.stride());
    for (int i = 0; i < size; i++) {
      data[at(i)] -= shift;
    }
    for (int window = 0; window < windows; window++) {
      data[window] = old[window] - head;
    }
    base = newBase;
    head = 0;
    end = size;
  }

  void write(StateOutput out) {
    for (long number : numbers) {
      out.number(number);
    }
    int size = end - head;
    out.number(size);
    if (size > 0) {
      out.number(tile(head));
      for (int window = 0; window < plan.spans().length; window++) {
        out.number((long) data[window] - head);
      }
      for (int entry = head; entry < end; entry++) {
        out.number(entry == head ? 0 : tile(entry) - tile(entry - 1));
        for (int column = 1; column < plan.stride(); column++) {
          out.number(data[at(entry) + column]);
        }
      }
    }
  }

  /** Into a new one of the same plan. */
  void read(StateInput in) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.number();
    }
    int size = in.size();
    if (size > 0) {
      data = new int[plan.spans().length + size * plan.stride()];
      end = size;
      base = in.number();
      for (int window = 0; window < plan.spans().length; window++) {
        data[window] = in.size();
      }
      int at = 0;
      for (int entry = 0; entry < size; entry++) {
        at += in.size();
        data[at(entry)] = at;
        for (int column = 1; column < plan.stride(); column++) {
          data[at(entry) + column] = in.size();
        }
      }
    }
  }

  /** About how much memory it takes. */
  int bytes() {
    return 40 + 16 + 4 * data.length + 16 + 8 * numbers.length;
  }
}
