package dev.tributary.endtoend;

import java.util.Locale;
import java.util.Random;

/**
 * Random events, in the order in which they come: few users have many of them and many have few,
 * some come late or too late, some twice, and some are broken.
 */
final class ShopEvents {
  private static final int LATE_PERCENT = 10;
  private static final int TOO_LATE_PERCENT = 3;
  private static final int TWICE_PERCENT = 5;
  private static final int RECENT = 200;
  private static final int MOST_MS_APART = 40;

  private final Random random;
  private final int users;
  private final boolean withBroken;
  private final ShopEvent[] recent = new ShopEvent[RECENT];
  private long now;
  private long count;

  /**
   * None yet.
   *
   * @param withBroken whether some have no user, and some a time far ahead
   */
  ShopEvents(Random random, int users, long start, boolean withBroken) {
    this.random = random;
    this.users = users;
    this.now = start;
    this.withBroken = withBroken;
  }

  /** The time at which the newest event came. */
  long now() {
    return now;
  }

  ShopEvent next() {
    now += random.nextInt(MOST_MS_APART + 1);
    long id = count++;
    ShopEvent earlier = recent[random.nextInt(RECENT)];
    if (earlier != null && random.nextInt(100) < TWICE_PERCENT) {
      return earlier;
    }
    boolean broken = withBroken && random.nextInt(1_000) == 0;
    boolean ahead = broken && random.nextBoolean();
    ShopEvent event =
        new ShopEvent(
            id,
            broken && !ahead ? null : "u" + user(),
            ahead ? now + FeatureOracle.MAX_FUTURE_MS + 60_000 : time(),
            random.nextInt(20) == 0 ? null : amount(),
            "%d.%02d".formatted(random.nextInt(500), random.nextInt(100)),
            random.nextInt(4) == 0 ? "buy" : "view",
            "/p" + random.nextInt(30));
    recent[(int) (id % RECENT)] = event;
    return event;
  }

  private int user() {
    double place = random.nextDouble();
    return (int) (users * place * place);
  }

  private double amount() {
    double usual = random.nextInt(800) / 8.0;
    return random.nextInt(200) == 0 ? usual + 4_000 : usual;
  }

  private long time() {
    int percent = random.nextInt(100);
    if (percent < TOO_LATE_PERCENT) {
      return now - FeatureOracle.GRACE_MS - random.nextInt(600_000);
    }
    return percent < TOO_LATE_PERCENT + LATE_PERCENT ? now - random.nextInt(560_000) : now;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d events of %d users", count, users);
  }
}
