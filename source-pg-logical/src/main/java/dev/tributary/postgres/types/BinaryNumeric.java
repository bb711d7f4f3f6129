package dev.tributary.postgres.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Numerics that the server sent in binary: number of digits, weight of the first, sign, scale, then
 * the digits, each of which counts to 10,000.
 */
final class BinaryNumeric {
  private static final int HEADER = 8;
  private static final int BASE = 10_000;
  private static final int DIGIT_PLACES = 4;
  private static final int POSITIVE = 0x0000;
  private static final int NEGATIVE = 0x4000;

  /** So many digits are less than {@link Long#MAX_VALUE} whatever they are. */
  private static final int LONG_DIGITS = 4;

  private BinaryNumeric() {}

  /** A numeric with a scale; null for NaN and the infinities, which Decimal has not. */
  static ValueDecoder decimal(int scale) {
    return (data, start, length) -> {
      if (length < HEADER) {
        throw new IllegalArgumentException("a numeric without its head");
      }
      int digits = BigEndian.int16(data, start) & 0xFFFF;
      int sign = BigEndian.int16(data, start + 4) & 0xFFFF;
      if (length != HEADER + 2 * digits) {
        throw new IllegalArgumentException("a numeric of " + digits + " digits in " + length);
      }
      if (sign != POSITIVE && sign != NEGATIVE) {
        return null;
      }
      int weight = BigEndian.int16(data, start + 2);
      int places = DIGIT_PLACES * (digits - 1 - weight); // of the number that the digits make up
      return digits <= LONG_DIGITS
          ? small(data, start + HEADER, digits, sign == NEGATIVE, places, scale)
          : large(data, start + HEADER, digits, sign == NEGATIVE, places, scale);
    };
  }

  private static BigDecimal small(
      byte[] data, int start, int digits, boolean negative, int places, int scale) {
    long unscaled = 0;
    for (int i = 0; i < digits; i++) {
      unscaled = unscaled * BASE + digit(data, start + 2 * i);
    }
    int left = places;
    while (left > scale && unscaled % 10 == 0) { // the last digit may go beyond the scale
      unscaled /= 10;
      left--;
    }
    BigDecimal value = BigDecimal.valueOf(negative ? -unscaled : unscaled, left);
    return left == scale ? value : value.setScale(scale, RoundingMode.UNNECESSARY);
  }

  private static BigDecimal large(
      byte[] data, int start, int digits, boolean negative, int places, int scale) {
    char[] text = new char[DIGIT_PLACES * digits];
    for (int i = 0; i < digits; i++) {
      int digit = digit(data, start + 2 * i);
      for (int place = DIGIT_PLACES - 1; place >= 0; place--, digit /= 10) {
        text[DIGIT_PLACES * i + place] = (char) ('0' + digit % 10);
      }
    }
    BigInteger unscaled = new BigInteger(new String(text));
    return new BigDecimal(negative ? unscaled.negate() : unscaled, places)
        .setScale(scale, RoundingMode.UNNECESSARY);
  }

  private static int digit(byte[] data, int at) {
    int digit = BigEndian.int16(data, at);
    if (digit < 0 || digit >= BASE) {
      throw new IllegalArgumentException("a digit of a numeric that is none");
    }
    return digit;
  }
}
