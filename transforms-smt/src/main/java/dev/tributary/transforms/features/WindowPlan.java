package dev.tributary.transforms.features;

import dev.tributary.common.config.Durations;
import dev.tributary.transforms.language.Check;
import dev.tributary.transforms.language.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What has to be kept for a list of features: time cut into tiles, and which tiles each window
 * holds.
 *
 * <p>With tiles of width w an event at time t lies in tile floor(t / w). Seen from an event at t,
 * of the key's events that stand at or before it in their partition, itself included,
 *
 * <ul>
 *   <li>a sliding window of length W holds those whose tile is greater than tile(t) - ceil(W / w)
 *       and at most tile(t). With tiles of 1 ms these are exactly the events in (t - W, t]. With
 *       wider tiles the older edge lies up to w off, and events up to the end of the newest tile
 *       count in, as far as they came before;
 *   <li>a hopping window of length W and hop H holds those from its start on whose tile is at most
 *       tile(t). It ends at e = (floor(t / H) + 1) * H and starts at e - W: of the windows that t
 *       lies in, it is the one that ends next. A tumbling window is one with H = W. The tile
 *       divides H;
 *   <li>a session with gap G holds those whose tile is at most tile(t) and which follow each other,
 *       back from the newest of them, with no more than G milliseconds between two. The tile is not
 *       wider than G;
 *   <li>{@code all} holds all of them, whatever their time.
 * </ul>
 */
public final class WindowPlan {
  /** What {@link #graceMs()} is where nothing is ever too late. */
  public static final long ENDLESS = Long.MAX_VALUE;

  private static final int TILES_OF_SHORTEST_WINDOW = 60;

  /** For features that look over no length of time, such as seconds_since_last. */
  private static final long DEFAULT_TILES_MS = 60_000;

  private static final long DEFAULT_GRACE_MS = 3_600_000;
  private static final long MOST_TILES = Integer.MAX_VALUE;

  private final List<Feature> features;
  private final List<String> fields;
  private final boolean[] numeric;
  private final Check[] checks;
  private final long tileMs;
  private final long graceMs;
  private final CountPlan counts;
  private final FoldPlan folds;
  private final Ending[] endings;
  private final long longestSpan;
  private final long longestPause;
  private final boolean hasTotal;
  private final boolean hasWindows;
  private final boolean hasEndless;

  /** Makes a feature's value of counts or of other features; null for those of folds. */
  @FunctionalInterface
  private interface Ending {
    Object of(long[] numbers, boolean[] counted, Object[] values);
  }

  private WindowPlan(List<Feature> features, long tileMs, long graceMs) {
    this.features = List.copyOf(features);
    this.tileMs = tileMs;
    this.graceMs = graceMs;
    Map<String, Integer> positions = new LinkedHashMap<>();
    List<Condition> conditions = new ArrayList<>();
    for (Feature feature : features) {
      if (feature.field() != null) {
        positions.putIfAbsent(feature.field(), positions.size());
      }
      Condition condition = condition(feature);
      if (condition != null) {
        condition.fields(field -> positions.putIfAbsent(field, positions.size()));
        if (!conditions.contains(condition)) {
          conditions.add(condition);
        }
      }
    }
    this.fields = List.copyOf(positions.keySet());
    this.numeric = new boolean[fields.size()];
    for (Feature feature : features) {
      if (feature.aggregate().needsNumbers()) {
        numeric[positions.get(feature.field())] = true;
      }
    }
    this.checks = conditions.stream().map(c -> Check.of(c, positions::get)).toArray(Check[]::new);
    PlanBuilder builder = new PlanBuilder(tileMs, positions, conditions);
    for (int i = 0; i < features.size(); i++) {
      builder.add(i, features.get(i), condition(features.get(i)));
    }
    this.counts = builder.counts();
    this.folds = builder.folds();
    this.endings = new Ending[features.size()];
    for (int i = 0; i < endings.length; i++) {
      endings[i] = ending(features.get(i), builder);
    }
    this.longestSpan =
        features.stream()
            .map(f -> builder.span(f.window()))
            .filter(Objects::nonNull)
            .mapToLong(TileSpan::tiles)
            .max()
            .orElse(1);
    this.longestPause =
        features.stream()
            .filter(f -> f.window() instanceof Window.Session)
            .mapToLong(f -> 1 + ((Window.Session) f.window()).gapMs() / tileMs)
            .max()
            .orElse(0);
    this.hasTotal = features.stream().anyMatch(f -> f.window() instanceof Window.All);
    this.hasWindows = counts.hasWindows() || folds.hasWindows();
    this.hasEndless = builder.hasEndless();
  }

  /**
   * Plans.
   *
   * @param tile the width of a tile, or null for a 60th of the shortest window (or less, so that it
   *     divides the hops of hopping and tumbling windows)
   * @param grace how far an event may lie behind the newest of its partition, or null for the
   *     longest window
   * @throws IllegalArgumentException if a tile is wider than the shortest window, empty, or no
   *     divisor of a hop; or so narrow that there would be more than 2^31 of them
   */
  public static WindowPlan of(List<Feature> features, Duration tile, Duration grace) {
    long shortest = lengths(features).min().orElse(DEFAULT_TILES_MS);
    long longest = lengths(features).max().orElse(DEFAULT_GRACE_MS);
    boolean timeless = features.stream().allMatch(f -> isTimeless(f));
    long[] hops = features.stream().flatMapToLong(WindowPlan::hop).toArray();
    long tileMs = tile != null ? tile.toMillis() : defaultTile(shortest, hops);
    if (tileMs < 1 || tileMs > shortest) {
      throw new IllegalArgumentException(
          "a tile must be at least 1ms wide and at most as wide as the shortest window ("
              + shown(shortest)
              + ")");
    }
    for (long hop : hops) {
      if (hop % tileMs != 0) {
        throw new IllegalArgumentException(
            "tiles of "
                + shown(tileMs)
                + " would be cut by the edges of windows that begin every "
                + shown(hop)
                + "; set a width that divides it");
      }
    }
    long graceMs = grace != null ? grace.toMillis() : timeless ? ENDLESS : longest;
    if (!timeless && (graceMs + longest < 0 || (graceMs + longest) / tileMs >= MOST_TILES)) {
      throw new IllegalArgumentException(
          "tiles of "
              + shown(tileMs)
              + " are too narrow for windows of "
              + shown(longest)
              + " and a grace of "
              + shown(graceMs)
              + ": there would be more than 2147483647 of them; set a wider tile");
    }
    return new WindowPlan(features, tileMs, graceMs);
  }

  private static boolean isTimeless(Feature feature) {
    return feature.window() instanceof Window.All || feature.aggregate() == Aggregate.RATIO;
  }

  /** The lengths of time that a feature looks over. */
  private static LongStream lengths(List<Feature> features) {
    return features.stream()
        .flatMapToLong(
            feature -> {
              if (feature.window() instanceof Window.Sliding sliding) {
                return LongStream.of(sliding.lengthMs());
              }
              if (feature.window() instanceof Window.Hopping hopping) {
                return LongStream.of(hopping.hopMs(), hopping.lengthMs());
              }
              if (feature.window() instanceof Window.Session session) {
                return LongStream.of(session.gapMs());
              }
              return feature.aggregate().parameters().contains(Aggregate.Parameter.HALF_LIFE)
                  ? LongStream.of(feature.numbers().get(0).longValueExact())
                  : LongStream.empty();
            });
  }

  private static LongStream hop(Feature feature) {
    return feature.window() instanceof Window.Hopping hopping
        ? LongStream.of(hopping.hopMs())
        : LongStream.empty();
  }

  private static long defaultTile(long shortest, long[] hops) {
    long widest = Math.max(1, shortest / TILES_OF_SHORTEST_WINDOW);
    long common = Arrays.stream(hops).reduce(0, WindowPlan::gcd);
    if (common == 0) {
      return widest;
    }
    long parts = -Math.floorDiv(-common, widest);
    while (common % parts != 0) {
      parts++;
    }
    return common / parts;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static String shown(long ms) {
    return Durations.format(Duration.ofMillis(ms));
  }

  /** Of a count of a field those events in which it is not null. */
  private static Condition condition(Feature feature) {
    if (feature.aggregate() != Aggregate.COUNT || feature.field() == null) {
      return feature.where();
    }
    Condition present =
        new Condition.Not(new Condition.IsNull(new Condition.Operand.Field(feature.field())));
    return feature.where() == null ? present : new Condition.And(feature.where(), present);
  }

  private Ending ending(Feature feature, PlanBuilder builder) {
    if (feature.aggregate() == Aggregate.RATIO) {
      int above = position(feature.operands().get(0));
      int below = position(feature.operands().get(1));
      return (numbers, counted, values) -> ratio(values[above], values[below]);
    }
    int[] at = builder.numbers(feature, condition(feature));
    if (at == null) {
      return null;
    }
    int[] columns = builder.columns(feature, condition(feature));
    boolean exclusive = feature.exclusive();
    if (feature.aggregate() == Aggregate.HISTOGRAM) {
      return (numbers, counted, values) -> {
        List<Long> buckets = new ArrayList<>(at.length);
        for (int i = 0; i < at.length; i++) {
          buckets.add(numbers[at[i]] - (exclusive && counted[columns[i]] ? 1 : 0));
        }
        return buckets;
      };
    }
    int number = at[0];
    int column = columns[0];
    if (feature.aggregate() == Aggregate.RATE) {
      double seconds = lengths(List.of(feature)).max().orElseThrow() / 1_000.0;
      return (numbers, counted, values) ->
          (numbers[number] - (exclusive && counted[column] ? 1 : 0)) / seconds;
    }
    return exclusive
        ? (numbers, counted, values) -> numbers[number] - (counted[column] ? 1 : 0)
        : (numbers, counted, values) -> numbers[number];
  }

  private int position(String name) {
    return features.stream().map(Feature::name).toList().indexOf(name);
  }

  private static Object ratio(Object above, Object below) {
    if (above instanceof Number a && below instanceof Number b && b.doubleValue() != 0) {
      return a.doubleValue() / b.doubleValue();
    }
    return null;
  }

  /**
   * Sets the values of those features that are made of counts or of others.
   *
   * @param counted which columns count the event
   * @param inTime whether it counts in windows; if not, features of windows are left as they are
   */
  void finish(long timeMs, long[] numbers, boolean[] counted, boolean inTime, Object[] into) {
    for (int i = 0; i < endings.length; i++) {
      if (endings[i] != null && (inTime || isTimeless(features.get(i)))) {
        into[i] = endings[i].of(numbers, counted, into);
      }
    }
  }

  /** The features, in the order they are declared. */
  public List<Feature> features() {
    return features;
  }

  /** The paths of all fields that are read, each once. */
  public List<String> fields() {
    return fields;
  }

  /** Whether a field is needed as a number. */
  public boolean isNumeric(int field) {
    return numeric[field];
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
    return hasTotal || hasEndless || longestPause > 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.addExact(graceMs, Math.multiplyExact(longestSpan + 1, tileMs)));
  }

  long tile(long timeMs) {
    return Math.floorDiv(timeMs, tileMs);
  }

  Check[] checks() {
    return checks;
  }

  CountPlan counts() {
    return counts;
  }

  FoldPlan folds() {
    return folds;
  }

  long longestSpan() {
    return longestSpan;
  }

  /** The longest pause in a session, in tiles; 0 without sessions. */
  long longestPause() {
    return longestPause;
  }

  boolean hasTotal() {
    return hasTotal;
  }

  boolean hasWindows() {
    return hasWindows;
  }

  /** Whether a key holds something that no time ends. */
  boolean lasts() {
    return hasTotal || hasEndless;
  }
}
