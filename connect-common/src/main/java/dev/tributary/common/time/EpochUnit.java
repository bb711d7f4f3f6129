package dev.tributary.common.time;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a bare number that stands for a point in time counts. */
public enum EpochUnit {
  /**
   * Told by magnitude: below 10^11 seconds, below 10^14 milliseconds, below 10^17 microseconds,
   * from there on nanoseconds. Right for every time between March 1973 and the year 5138.
   */
  AUTO,
  S,
  MS,
  US,
  NS;

  private static final BigDecimal LONG_LIMIT = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final long SECONDS_BELOW = 100_000_000_000L;
  private static final long MILLIS_BELOW = 100_000_000_000_000L;
  private static final long MICROS_BELOW = 100_000_000_000_000_000L;

  /** Epoch milliseconds, rounded towards the past. */
  long toMillis(long number) {
    return switch (this) {
      case S -> Math.multiplyExact(number, 1_000L);
      case MS -> number;
      case US -> Math.floorDiv(number, 1_000L);
      case NS -> Math.floorDiv(number, 1_000_000L);
      case AUTO -> byMagnitude(number).toMillis(number);
    };
  }

  /**
   * As {@link #toMillis(long)}, with the part after the decimal point.
   *
   * @throws ArithmeticException if the number is too large
   */
  long toMillis(BigDecimal number) {
    BigDecimal millis =
        switch (this) {
          case S -> number.movePointRight(3);
          case MS -> number;
          case US -> number.movePointLeft(3);
          case NS -> number.movePointLeft(6);
          case AUTO ->
              number.abs().compareTo(LONG_LIMIT) <= 0
                  ? BigDecimal.valueOf(byMagnitude(number.longValue()).toMillis(number))
                  : number;
        };
    if (millis.abs().compareTo(LONG_LIMIT) > 0) {
      throw new ArithmeticException("beyond 64 bits");
    }
    return millis.setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private static EpochUnit byMagnitude(long number) {
    if (number < SECONDS_BELOW && number > -SECONDS_BELOW) {
      return S;
    }
    if (number < MILLIS_BELOW && number > -MILLIS_BELOW) {
      return MS;
    }
    return number < MICROS_BELOW && number > -MICROS_BELOW ? US : NS;
  }
}
