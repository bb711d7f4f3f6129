package dev.tributary.transforms.features;

import java.util.List;

/**
 * One key's partial results by tile, and what a range of tiles comes to.
 *
 * <p>Floating-point sums and sketches depend on the order in which parts are put together. So that
 * a restored state answers to the bit what the lost one would have, that order is a matter of the
 * tiles' numbers alone: a range is cut into tiles at its edges and between them into blocks of 8
 * tiles, 64 tiles and so on, as they lie on the axis of time; a block is put together from its 8
 * parts. Blocks that can grow no more are kept, once a key has many tiles, so that a range costs
 * about 14 parts per level; which blocks are kept changes no answer.
 */
final class TileTree {
  private static final int SHIFT = 3;
  private static final int FAN = 1 << SHIFT;
  private static final int BLOCKS_FROM = 24;

  private final Fold.Layout layout;
  private final Fold[] folds;
  private final int height;
  final Level tiles;

  /** From the blocks of 8 tiles on; null as long as there are few tiles. */
  private Level[] blocks;

  /**
   * @param height how many levels of blocks there can be
   * @param folds all that have a place in a row
   */
  TileTree(Fold.Layout layout, List<Fold> folds, int height) {
    this.layout = layout;
    this.folds = folds.toArray(Fold[]::new);
    this.height = height;
    this.tiles = new Level(layout);
  }

  /** How many levels of blocks a window of so many tiles can hold. */
  static int height(long span) {
    int height = 0;
    for (long block = FAN; block <= span && block > 0; block <<= SHIFT) {
      height++;
    }
    return height;
  }

  /** The row of a tile, made if there is none. */
  int place(long tile) {
    long newest = tiles.newest();
    if (tile > newest && blocks != null) {
      close(newest, tile);
    }
    int row = tiles.place(tile);
    if (blocks == null && height > 0 && tiles.size() > BLOCKS_FROM) {
      makeBlocks();
    }
    return row;
  }

  /** An event has come to a tile that is not the newest. */
  void changed(long tile) {
    for (int level = 1; blocks != null && level <= height; level++) {
      long block = tile >> (SHIFT * level);
      if (block < tiles.newest() >> (SHIFT * level)) {
        remake(level, block);
      }
    }
  }

  /** Lets go of the oldest tile. */
  void dropHead() {
    tiles.dropHead();
    for (int level = 1; blocks != null && level <= height; level++) {
      Level at = blocks[level - 1];
      long oldest = tiles.isEmpty() ? Long.MAX_VALUE : tiles.id(tiles.head());
      while (!at.isEmpty() && ((at.id(at.head()) + 1) << (SHIFT * level)) <= oldest) {
        at.dropHead();
      }
    }
    if (tiles.isEmpty()) {
      blocks = null;
      tiles.trim();
    }
  }

  /**
   * Takes what a range of tiles comes to into a row.
   *
   * @param after the tile before the first
   * @param to the last tile
   * @param chosen the folds that are wanted
   */
  void fold(long after, long to, Fold[] chosen, Cells into, int row) {
    if (to > after && !tiles.isEmpty()) {
      fold(0, after + 1, to, chosen, into, row);
    }
  }

  private void fold(int level, long first, long last, Fold[] chosen, Cells into, int row) {
    long firstBlock = -Math.floorDiv(-first, FAN);
    long endBlock = Math.floorDiv(last + 1, FAN);
    if (level == height || endBlock <= firstBlock) {
      foldParts(level, first, last, chosen, into, row);
      return;
    }
    foldParts(level, first, firstBlock * FAN - 1, chosen, into, row);
    fold(level + 1, firstBlock, endBlock - 1, chosen, into, row);
    foldParts(level, endBlock * FAN, last, chosen, into, row);
  }

  private void foldParts(int level, long first, long last, Fold[] chosen, Cells into, int row) {
    if (first > last) {
      return;
    }
    if (level > 0 && blocks == null) {
      foldLooseBlocks(level, first, last, chosen, into, row);
      return;
    }
    Level parts = level == 0 ? tiles : blocks[level - 1];
    for (int i = parts.from(first); i < parts.end() && parts.id(i) <= last; i++) {
      merge(chosen, into, row, parts.cells, i);
    }
  }

  /** Blocks of few tiles, which are not kept. */
  private void foldLooseBlocks(
      int level, long first, long last, Fold[] chosen, Cells into, int row) {
    int shift = SHIFT * level;
    int i = tiles.from(first << shift);
    while (i < tiles.end() && tiles.id(i) >> shift <= last) {
      long block = tiles.id(i) >> shift;
      int next = i + 1;
      while (next < tiles.end() && tiles.id(next) >> shift == block) {
        next++;
      }
      if (next == i + 1) {
        merge(chosen, into, row, tiles.cells, i);
      } else {
        Cells scratch = layout.cells(1);
        foldParts(level - 1, block << SHIFT, (block << SHIFT) + FAN - 1, chosen, scratch, 0);
        merge(chosen, into, row, scratch, 0);
      }
      i = next;
    }
  }

  private void makeBlocks() {
    blocks = new Level[height];
    for (int level = 1; level <= height; level++) {
      blocks[level - 1] = new Level(layout);
      int shift = SHIFT * level;
      long newest = tiles.newest() >> shift;
      long done = Long.MIN_VALUE;
      for (int i = tiles.head(); i < tiles.end(); i++) {
        long block = tiles.id(i) >> shift;
        if (block > done && block < newest) {
          remake(level, block);
          done = block;
        }
      }
    }
  }

  /** Blocks end as a newer tile comes than the newest was. */
  private void close(long newest, long tile) {
    for (int level = 1; level <= height; level++) {
      long block = newest >> (SHIFT * level);
      if (block >= tile >> (SHIFT * level)) {
        return;
      }
      remake(level, block);
    }
  }

  private void remake(int level, long block) {
    Level at = blocks[level - 1];
    int row = at.place(block);
    at.cells.clear(row);
    foldParts(level - 1, block << SHIFT, (block << SHIFT) + FAN - 1, folds, at.cells, row);
  }

  private static void merge(Fold[] chosen, Cells into, int row, Cells from, int fromRow) {
    for (Fold fold : chosen) {
      fold.merge(into, row, from, fromRow);
    }
  }

  long bytes() {
    long bytes = 40 + tiles.bytes();
    for (int level = 0; blocks != null && level < height; level++) {
      bytes += blocks[level].bytes();
    }
    return bytes;
  }
}
