package dev.tributary.endtoend;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code WindowedFeatures} and {@code ZScoreFlag} must make of each event of a partition,
 * computed the slow, obvious way: from all earlier events of the user anew. Nothing of the
 * transforms' own code is in it.
 */
final class FeatureOracle {
  static final long GRACE_MS = 600_000;
  static final long MAX_FUTURE_MS = 3_600_000;
  private static final long MINUTE = 60_000;
  private static final long TILE_MS = 1_000;
  private static final int SCORED_AGAINST = 20;
  private static final int MIN_SAMPLES = 5;
  private static final double THRESHOLD = 3;
  private static final double TOLERANCE = 1e-9;

  /** Of a score before it is rounded to a double. */
  private static final MathContext DIGITS = new MathContext(50);

  /** What may be off by the tolerance; all else is compared to the bit. */
  private static final List<String> FLOATING = List.of("mean", "dev");

  private final Map<String, User> users = new HashMap<>();
  private long newest = Long.MIN_VALUE;

  /** What a user has had so far. */
  private static final class User {
    final List<ShopEvent> all = new ArrayList<>();
    final List<ShopEvent> inTime = new ArrayList<>();
    final List<Double> amounts = new ArrayList<>();
    final List<Double> counts = new ArrayList<>();
  }

  /** The settings of the transforms that this is the oracle of, but for those of the restore. */
  static Map<String, String> transforms(String user, String time) {
    return Map.ofEntries(
        entry("transforms", "features,scores"),
        entry("transforms.features.type", "dev.tributary.transforms.WindowedFeatures"),
        entry("transforms.features.key", user),
        entry("transforms.features.event.time", time),
        entry("transforms.features.tile", TILE_MS + "ms"),
        entry("transforms.features.grace", GRACE_MS + "ms"),
        entry("transforms.features.max.future", MAX_FUTURE_MS + "ms"),
        entry(
            "transforms.features.features",
            "n_1m = count() over 1m, n_1h = count() over 1h, n_all = count() over all,"
                + " buys = count() over 1h where kind = 'buy', spent = sum(price) over 5m,"
                + " amount_5m = sum(amount) over 5m, mean = avg(amount) over 1h,"
                + " dev = stddev(amount) over 1h, high = max(amount) over 5m,"
                + " pages = distinct(page) over 1h, p50 = percentile(amount, 50) over 1m,"
                + " visit = count() over session 10m, n_fixed = count() over tumbling 1m,"
                + " gap_s = seconds_since_last()"),
        entry("transforms.scores.type", "dev.tributary.transforms.ZScoreFlag"),
        entry("transforms.scores.key", user),
        entry("transforms.scores.fields", "amount,n_1m"),
        entry("transforms.scores.window", Integer.toString(SCORED_AGAINST)),
        entry("transforms.scores.min.samples", Integer.toString(MIN_SAMPLES)),
        entry("transforms.scores.threshold", Double.toString(THRESHOLD)),
        entry("transforms.scores.z.scores", "true"));
  }

  /**
   * The fields of the next event of the partition, null for those without a value; null if the
   * event is refused.
   *
   * @param cameAt the record's timestamp
   */
  Map<String, Object> next(ShopEvent event, long cameAt) {
    if (event.user() == null || event.time() > cameAt + MAX_FUTURE_MS) {
      return null;
    }
    boolean late = newest != Long.MIN_VALUE && event.time() < newest - GRACE_MS;
    User user = users.computeIfAbsent(event.user(), u -> new User());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", event.id());
    fields.put("late", late);
    ShopEvent before = late ? null : newest(upTo(user.inTime, event));
    user.all.add(event);
    if (!late) {
      newest = Math.max(newest, event.time());
      user.inTime.add(event);
    }
    fields.put("n_all", (long) user.all.size());
    addWindows(fields, user.inTime, event, late);
    fields.put("gap_s", before == null ? null : Math.max(0, event.time() - before.time()) / 1000.0);
    addScores(fields, user, event.amount());
    return fields;
  }

  private static void addWindows(
      Map<String, Object> fields, List<ShopEvent> events, ShopEvent now, boolean late) {
    List<ShopEvent> minute = over(events, now, MINUTE);
    List<ShopEvent> five = over(events, now, 5 * MINUTE);
    List<ShopEvent> hour = over(events, now, 60 * MINUTE);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("n_1m", (long) minute.size());
    values.put("n_1h", (long) hour.size());
    values.put("buys", hour.stream().filter(e -> e.kind().equals("buy")).count());
    values.put(
        "spent",
        five.stream()
            .map(e -> new BigDecimal(e.price()))
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .toPlainString());
    double[] amounts = amounts(five);
    values.put("amount_5m", amounts.length == 0 ? (Object) 0L : Arrays.stream(amounts).sum());
    values.put("high", amounts.length == 0 ? null : Arrays.stream(amounts).max().orElseThrow());
    double[] ofHour = amounts(hour);
    values.put("mean", ofHour.length == 0 ? null : mean(ofHour));
    values.put("dev", ofHour.length == 0 ? null : deviation(ofHour));
    values.put("pages", hour.stream().map(ShopEvent::page).distinct().count());
    double[] sorted = amounts(minute);
    Arrays.sort(sorted);
    values.put("p50", sorted.length == 0 ? null : sorted[(sorted.length + 1) / 2 - 1]);
    values.put("visit", session(upTo(events, now)));
    long start = Math.floorDiv(now.time(), MINUTE) * MINUTE;
    values.put("n_fixed", upTo(events, now).stream().filter(e -> e.time() >= start).count());
    values.forEach((name, value) -> fields.put(name, late ? null : value));
  }

  private static List<ShopEvent> over(List<ShopEvent> events, ShopEvent now, long length) {
    long after = tile(now) - length / TILE_MS;
    return upTo(events, now).stream().filter(e -> tile(e) > after).toList();
  }

  /** Those that an event can see: of its own tile also newer ones that came before it. */
  private static List<ShopEvent> upTo(List<ShopEvent> events, ShopEvent now) {
    return events.stream().filter(e -> tile(e) <= tile(now)).toList();
  }

  private static long tile(ShopEvent event) {
    return Math.floorDiv(event.time(), TILE_MS);
  }

  private static ShopEvent newest(List<ShopEvent> events) {
    return events.stream().max(Comparator.comparingLong(ShopEvent::time)).orElse(null);
  }

  private static long session(List<ShopEvent> events) {
    long[] times = events.stream().mapToLong(ShopEvent::time).sorted().toArray();
    int first = times.length - 1;
    while (first > 0 && times[first] - times[first - 1] <= 10 * MINUTE) {
      first--;
    }
    return (long) times.length - first;
  }

  private static double[] amounts(List<ShopEvent> events) {
    return events.stream().filter(e -> e.amount() != null).mapToDouble(ShopEvent::amount).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length);
  }

  private static void addScores(Map<String, Object> fields, User user, Double amount) {
    Object count = fields.get("n_1m");
    Double scoreOfAmount = score(user.amounts, amount);
    Double scoreOfCount = score(user.counts, count == null ? null : ((Long) count).doubleValue());
    long flagged = (long) isFlagged(scoreOfAmount) + isFlagged(scoreOfCount);
    fields.put("amount_z", scoreOfAmount);
    fields.put("n_1m_z", scoreOfCount);
    fields.put("total_anomalies", flagged);
    fields.put("is_anomalous", flagged > 0);
  }

  private static int isFlagged(Double score) {
    return score != null && Math.abs(score) > THRESHOLD ? 1 : 0;
  }

  /** The z-score of a value, which then takes its place among the user's. */
  private static Double score(List<Double> values, Double value) {
    if (value == null) {
      return null;
    }
    List<BigDecimal> before =
        values.subList(Math.max(0, values.size() - SCORED_AGAINST), values.size()).stream()
            .map(BigDecimal::new)
            .toList();
    values.add(value);
    if (before.size() < MIN_SAMPLES) {
      return null;
    }
    // n times the distance from the mean, and n squared times the variance
    BigDecimal n = BigDecimal.valueOf(before.size());
    BigDecimal sum = sum(before);
    BigDecimal distance = n.multiply(new BigDecimal(value)).subtract(sum);
    BigDecimal variance =
        n.multiply(sum(before.stream().map(v -> v.pow(2)).toList())).subtract(sum.pow(2));
    if (variance.signum() == 0) {
      return distance.signum() == 0 ? 0.0 : null;
    }
    return distance.divide(variance.sqrt(DIGITS), DIGITS).doubleValue();
  }

  private static BigDecimal sum(List<BigDecimal> values) {
    return values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /**
   * Tells where fields, as text, differ from what they must be: those that are counted and summed
   * in nothing, floating statistics in no more than 1e-9. Empty if they are right.
   *
   * @param is texts by field; null or absent where there is no value
   */
  static String difference(Map<String, Object> expected, Map<String, String> is) {
    StringBuilder differences = new StringBuilder();
    expected.forEach(
        (name, value) -> {
          String found = is.get(name);
          if (!matches(name, value, found)) {
            differences.append(name).append(" is ").append(found).append(", not ").append(value);
            differences.append("; ");
          }
        });
    return differences.toString();
  }

  private static boolean matches(String name, Object expected, String found) {
    if (expected == null || found == null) {
      return expected == null && found == null;
    }
    if (expected instanceof Boolean) {
      return found.equals(expected.toString());
    }
    if (expected instanceof String) {
      return new BigDecimal(found).compareTo(new BigDecimal(expected.toString())) == 0;
    }
    double a = Double.parseDouble(found);
    double b = ((Number) expected).doubleValue();
    if (!FLOATING.contains(name)) {
      return a == b;
    }
    return Math.abs(a - b) <= TOLERANCE * Math.abs(b);
  }
}
