package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Names and numbers that commands are made of. */
final class Words {
  static final byte[] EVALSHA = of("EVALSHA");
  static final byte[] HSET = of("HSET");
  static final byte[] DEL = of("DEL");
  static final byte[] PEXPIRE = of("PEXPIRE");
  static final byte[] PEXPIREAT = of("PEXPIREAT");
  static final byte[] ZERO = of("0");
  static final byte[] ONE = of("1");
  static final byte[] EMPTY = new byte[0];

  private static final byte[][] SMALL = small();

  private Words() {}

  static byte[] of(String text) {
    return text.getBytes(US_ASCII);
  }

  /** Decimal digits. */
  static byte[] of(long number) {
    return number >= 0 && number < SMALL.length ? SMALL[(int) number] : of(Long.toString(number));
  }

  private static byte[][] small() {
    byte[][] small = new byte[1_000][];
    for (int i = 0; i < small.length; i++) {
      small[i] = of(Integer.toString(i));
    }
    return small;
  }
}
