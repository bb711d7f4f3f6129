package dev.tributary.demo.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a user's features must be, computed the slow, obvious way from the user's rows: for each
 * event, all earlier ones are looked at again.
 */
final class UserHistory {
  private static final int WINDOW = 100;
  private static final int MIN_SAMPLES = 10;
  private static final double THRESHOLD = 3.0;

  /** The greatest score that, as a double, is the threshold: halfway to the next one. */
  private static final BigDecimal ROUNDED_TO_THRESHOLD =
      new BigDecimal(THRESHOLD)
          .add(new BigDecimal(Math.ulp(THRESHOLD)).divide(BigDecimal.valueOf(2)));

  /**
   * One row of {@code user_events}.
   *
   * @param millis the event's time in milliseconds since the epoch
   * @param amount NaN where the row has none
   */
  record Event(long id, long millis, double amount, double engagement) {}

  private final long userId;
  private final List<Event> events = new ArrayList<>();

  UserHistory(long userId) {
    this.userId = userId;
  }

  long userId() {
    return userId;
  }

  /** All the user's events in the order of their commit. */
  List<Event> events() {
    return events;
  }

  /**
   * How many of the user's events up to and with the one at {@code index} lie in the window that
   * ends at its time.
   */
  long countOver(long windowMillis, int index) {
    long now = events.get(index).millis();
    long count = 0;
    for (int i = 0; i <= index; i++) {
      long millis = events.get(i).millis();
      if (millis > now - windowMillis && millis <= now) {
        count++;
      }
    }
    return count;
  }

  /** For each event, the fields in which it stands out. */
  List<List<String>> anomalies() {
    boolean[] amounts = standOut(events.stream().mapToDouble(Event::amount).toArray());
    boolean[] engagements = standOut(events.stream().mapToDouble(Event::engagement).toArray());
    boolean[] counts =
        standOut(
            IntStream.range(0, events.size()).mapToDouble(i -> countOver(60_000, i)).toArray());
    List<List<String>> anomalies = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      List<String> fields = new ArrayList<>();
      if (amounts[i]) {
        fields.add("amount");
      }
      if (engagements[i]) {
        fields.add("engagement");
      }
      if (counts[i]) {
        fields.add("event_count_1min");
      }
      anomalies.add(fields);
    }
    return anomalies;
  }

  /**
   * For each value whether it stands out from those before it. In exact arithmetic, as scores may
   * lie on the threshold.
   */
  private static boolean[] standOut(double[] values) {
    // of the first 0, 1, 2, ... values that are there
    List<BigDecimal> sums = new ArrayList<>(List.of(BigDecimal.ZERO));
    List<BigDecimal> squares = new ArrayList<>(List.of(BigDecimal.ZERO));
    boolean[] result = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        BigDecimal value = new BigDecimal(values[i]);
        int last = sums.size() - 1;
        int first = Math.max(0, last - WINDOW);
        result[i] =
            last - first >= MIN_SAMPLES
                && standsOut(
                    value,
                    BigDecimal.valueOf(last - first),
                    sums.get(last).subtract(sums.get(first)),
                    squares.get(last).subtract(squares.get(first)));
        sums.add(sums.get(last).add(value));
        squares.add(squares.get(last).add(value.pow(2)));
      }
    }
    return result;
  }

  private static boolean standsOut(
      BigDecimal value, BigDecimal n, BigDecimal sum, BigDecimal squares) {
    // n times the distance from the mean, and n squared times the variance
    BigDecimal distance = n.multiply(value).subtract(sum);
    BigDecimal variance = n.multiply(squares).subtract(sum.pow(2));
    return variance.signum() > 0
        && distance.pow(2).compareTo(ROUNDED_TO_THRESHOLD.pow(2).multiply(variance)) > 0;
  }
}
