package dev.tributary.demo.check;

import java.util.ArrayList;
import java.util.Arrays;
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
    double[] amounts = events.stream().mapToDouble(Event::amount).toArray();
    double[] engagements = events.stream().mapToDouble(Event::engagement).toArray();
    double[] counts =
        IntStream.range(0, events.size()).mapToDouble(i -> countOver(60_000, i)).toArray();
    List<List<String>> anomalies = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      List<String> fields = new ArrayList<>();
      if (standsOut(amounts, i)) {
        fields.add("amount");
      }
      if (standsOut(engagements, i)) {
        fields.add("engagement");
      }
      if (standsOut(counts, i)) {
        fields.add("event_count_1min");
      }
      anomalies.add(fields);
    }
    return anomalies;
  }

  private static boolean standsOut(double[] values, int index) {
    if (Double.isNaN(values[index])) {
      return false;
    }
    double[] earlier = new double[WINDOW];
    int n = 0;
    for (int i = index - 1; i >= 0 && n < WINDOW; i--) {
      if (!Double.isNaN(values[i])) {
        earlier[n++] = values[i];
      }
    }
    if (n < MIN_SAMPLES) {
      return false;
    }
    double mean = Arrays.stream(earlier, 0, n).sum() / n;
    double variance = Arrays.stream(earlier, 0, n).map(v -> (v - mean) * (v - mean)).sum() / n;
    return variance > 0 && Math.abs(values[index] - mean) / Math.sqrt(variance) > THRESHOLD;
  }
}
