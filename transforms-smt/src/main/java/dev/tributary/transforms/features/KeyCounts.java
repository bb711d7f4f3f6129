package dev.tributary.transforms.features;

import java.util.Arrays;

/**
 * One key's events: how many lie in each tile, the running sum of each window as seen from the
 * newest tile, and the total.
 *
 * <p>Tiles without events are not held. In-order events cost a constant on average, however long
 * the windows: each tile enters a window's sum once and leaves it once. An event older than the
 * newest tile is put in its place, and its features are summed up from the tiles.
 */
final class KeyCounts {
  private static final int FIRST_CAPACITY = 4;

  private final WindowPlan plan;

  /** Ascending; valid from {@code head} to {@code end}. */
  private long[] tiles = new long[FIRST_CAPACITY];

  private int[] counts = new int[FIRST_CAPACITY];
  private int head;
  private int end;

  /** Per window: the sum, and the index of its oldest tile, as seen from the newest tile. */
  private final long[] sums;

  private final int[] tails;
  private long total;

  KeyCounts(WindowPlan plan) {
    this.plan = plan;
    this.sums = new long[plan.windows()];
    this.tails = new int[plan.windows()];
  }

  long addToTotal() {
    return ++total;
  }

  long newestTile() {
    return head == end ? Long.MIN_VALUE : tiles[end - 1];
  }

  /** The value of a slot of the plan as of the newest tile. */
  long current(int slot) {
    return slot < sums.length ? sums[slot] : total;
  }

  /**
   * Counts an event.
   *
   * @param oldest tiles before it are dropped; at most {@code tile - longest span + 1}
   * @param into gets the windows' sums as seen from the event's tile
   */
  void add(long tile, long oldest, long[] into) {
    if (head == end || tile > tiles[end - 1]) {
      append(tile);
    } else if (tile == tiles[end - 1]) {
      counts[end - 1]++;
    } else {
      insert(tile);
      sumUp(tile, into);
      return;
    }
    for (int w = 0; w < sums.length; w++) {
      sums[w]++;
      leave(w, tile - plan.span(w));
      into[w] = sums[w];
    }
    while (tiles[head] < oldest) {
      head++;
    }
  }

  /** Takes the tiles up to the given one out of a window's sum. */
  private void leave(int window, long until) {
    int tail = tails[window];
    while (tiles[tail] <= until) {
      sums[window] -= counts[tail++];
    }
    tails[window] = tail;
  }

  private void append(long tile) {
    makeRoom();
    tiles[end] = tile;
    counts[end] = 1;
    end++;
  }

  private void insert(long tile) {
    int place = Arrays.binarySearch(tiles, head, end, tile);
    boolean isNew = place < 0;
    if (isNew) {
      makeRoom();
      place = -Arrays.binarySearch(tiles, head, end, tile) - 1;
      System.arraycopy(tiles, place, tiles, place + 1, end - place);
      System.arraycopy(counts, place, counts, place + 1, end - place);
      tiles[place] = tile;
      counts[place] = 0;
      end++;
    }
    counts[place]++;
    for (int w = 0; w < sums.length; w++) {
      if (tile > tiles[end - 1] - plan.span(w)) {
        sums[w]++;
      } else if (isNew) {
        tails[w]++;
      }
    }
  }

  private void sumUp(long tile, long[] into) {
    int last = Arrays.binarySearch(tiles, head, end, tile);
    for (int w = 0; w < sums.length; w++) {
      long after = tile - plan.span(w);
      long sum = 0;
      for (int i = last; i >= head && tiles[i] > after; i--) {
        sum += counts[i];
      }
      into[w] = sum;
    }
  }

  /** Makes place for one tile at the end: by moving up to the front where half of it is free. */
  private void makeRoom() {
    if (end < tiles.length) {
      return;
    }
    int size = end - head;
    long[] oldTiles = tiles;
    int[] oldCounts = counts;
    if (head < tiles.length / 2 || head == 0) {
      tiles = new long[tiles.length * 2];
      counts = new int[counts.length * 2];
    }
    System.arraycopy(oldTiles, head, tiles, 0, size);
    System.arraycopy(oldCounts, head, counts, 0, size);
    for (int w = 0; w < tails.length; w++) {
      tails[w] -= head;
    }
    head = 0;
    end = size;
  }
}
