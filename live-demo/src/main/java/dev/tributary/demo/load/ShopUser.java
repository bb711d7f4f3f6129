package dev.tributary.demo.load;

import java.math.BigDecimal;
import java.util.Random;

/**
 * One user's habits. Amounts and engagement stay close to the usual, so that going wild stands out
 * from any sample.
 */
final class ShopUser {
  /**
   * How many purchases a user must have made before it may go wild: more than the flag's own
   * minimum.
   */
  private static final int PURCHASES_BEFORE_WILD = 12;

  final long id;
  private final double usualAmount;
  private int purchases;
  private boolean wentWild;

  ShopUser(long id) {
    this.id = id;
    this.usualAmount = 10 + id % 90;
  }

  BigDecimal amount(Random random) {
    return BigDecimal.valueOf(Math.round(usualAmount * (90 + 20 * random.nextDouble())), 2);
  }

  BigDecimal wildAmount() {
    return BigDecimal.valueOf(Math.round(usualAmount * 100 * 100), 2);
  }

  static double engagement(Random random) {
    return 0.4 + 0.2 * random.nextDouble();
  }

  static BigDecimal total(Random random) {
    return BigDecimal.valueOf(500 + random.nextInt(50_000), 2);
  }

  void purchased(int count) {
    purchases += count;
  }

  /** A user goes wild once: a second time would be measured against the first. */
  boolean mayGoWild() {
    return !wentWild && purchases >= PURCHASES_BEFORE_WILD;
  }

  void wentWild() {
    wentWild = true;
  }
}
