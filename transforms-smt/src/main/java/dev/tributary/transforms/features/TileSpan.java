package dev.tributary.transforms.features;

/**
 * Which tiles a window of time holds, seen from one.
 *
 * @param tiles how many tiles it is long
 * @param hop 0 for a sliding window; else it ends with a multiple of so many tiles
 */
record TileSpan(long tiles, long hop) {

  /** The tile before the first, for an event in this tile. */
  long after(long tile) {
    return hop == 0 ? tile - tiles : (Math.floorDiv(tile, hop) + 1) * hop - tiles - 1;
  }
}
