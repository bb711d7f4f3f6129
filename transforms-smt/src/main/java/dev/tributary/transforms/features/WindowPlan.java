package dev.tributary.transforms.features;

import dev.tributary.common.config.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What has to be kept for a list of features: time cut into tiles, and how many tiles each window
 * spans.
 *
 * <p>With tiles of width w an event at time t lies in tile floor(t / w), and a sliding window of
 * length W spans n = ceil(W / w) tiles: seen from t it holds the events whose tile is greater than
 * tile(t) - n and at most tile(t). With tiles of 1 ms these are exactly the events in (t - W, t].
 * With wider tiles the older edge lies up to w off, and events up to the end of the newest tile
 * count in, as far as they came before.
 */
public final class WindowPlan {
  /** What {@link #graceMs()} is where nothing is ever too late. */
  public static final long ENDLESS = Long.MAX_VALUE;

  private static final int TILES_OF_SHORTEST_WINDOW = 60;

  private final List<Feature> features;
  private final long tileMs;
  private final long graceMs;
  private final long[] windowTiles;
  private final long longestTiles;
  private final int[] slots;
  private final boolean hasTotal;

  private WindowPlan(List<Feature> features, long tileMs, long graceMs, List<Long> lengths) {
    this.features = List.copyOf(features);
    this.tileMs = tileMs;
    this.graceMs = graceMs;
    this.windowTiles = lengths.stream().mapToLong(l -> -Math.floorDiv(-l, tileMs)).toArray();
    this.longestTiles = Arrays.stream(windowTiles).max().orElse(0);
    this.hasTotal = features.stream().anyMatch(f -> f.window() instanceof Window.All);
    this.slots =
        features.stream()
            .mapToInt(
                f ->
                    f.window() instanceof Window.Sliding sliding
                        ? lengths.indexOf(sliding.lengthMs())
                        : lengths.size())
            .toArray();
  }

  /**
   * Plans.
   *
   * @param tile the width of a tile, or null for a 60th of the shortest window
   * @param grace how far an event may lie behind the newest of its partition, or null for the
   *     longest window
   * @throws IllegalArgumentException if a tile is wider than the shortest window, or empty
   */
  public static WindowPlan of(List<Feature> features, Duration tile, Duration grace) {
    List<Long> lengths = new ArrayList<>();
    for (Feature feature : features) {
      if (feature.window() instanceof Window.Sliding sliding
          && !lengths.contains(sliding.lengthMs())) {
        lengths.add(sliding.lengthMs());
      }
    }
    OptionalLong shortest = lengths.stream().mapToLong(Long::longValue).min();
    OptionalLong longest = lengths.stream().mapToLong(Long::longValue).max();
    long tileMs =
        tile != null ? tile.toMillis() : Math.max(1, shortest.orElse(1) / TILES_OF_SHORTEST_WINDOW);
    if (tileMs < 1 || tileMs > shortest.orElse(Long.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a tile must be at least 1ms wide and at most as wide as the shortest window"
              + (shortest.isPresent()
                  ? " (" + Durations.format(Duration.ofMillis(shortest.getAsLong())) + ")"
                  : ""));
    }
    long graceMs = grace != null ? grace.toMillis() : longest.orElse(ENDLESS);
    return new WindowPlan(features, tileMs, graceMs, lengths);
  }

  /** The features, in the order they are declared. */
  public List<Feature> features() {
    return features;
  }

  /** The width of a tile in milliseconds. */
  public long tileMs() {
    return tileMs;
  }

  /** How far an event may lie behind the newest of its partition and still count in windows. */
  public long graceMs() {
    return graceMs;
  }

  /**
   * How far back in event time events matter to an event that is not late, in milliseconds; empty
   * if all events ever do.
   */
  public OptionalLong reachMs() {
    return hasTotal
        ? OptionalLong.empty()
        : OptionalLong.of(Math.addExact(graceMs, Math.multiplyExact(longestTiles + 1, tileMs)));
  }

  /** How many numbers {@link WindowCounts#update} gives. */
  public int slotCount() {
    return windowTiles.length + 1;
  }

  /** In which of these numbers a feature's value is found. */
  public int slot(int feature) {
    Objects.checkIndex(feature, slots.length);
    return slots[feature];
  }

  /** Whether the feature is one of a window in time, which late events have no part in. */
  public boolean isWindowed(int feature) {
    return slots[feature] < windowTiles.length;
  }

  long tile(long timeMs) {
    return Math.floorDiv(timeMs, tileMs);
  }

  int windows() {
    return windowTiles.length;
  }

  /** How many tiles a window spans. */
  long span(int window) {
    return windowTiles[window];
  }

  long longestSpan() {
    return longestTiles;
  }

  boolean hasTotal() {
    return hasTotal;
  }
}
