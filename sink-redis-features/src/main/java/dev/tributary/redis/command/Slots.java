package dev.tributary.redis.command;

import java.util.Arrays;

/**
 * Hash slots of a Redis Cluster.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Cluster
 *     specification, key distribution model</a>
 */
public final class Slots {
  /** How many there are. */
  public static final int COUNT = 16_384;

  private static final int POLYNOMIAL = 0x1021;
  private static final int[] CRC16 = crc16();
  private static final String[] TAGS = tags();

  private Slots() {}

  /** The slot of a key: CRC16 (XMODEM) of it, or of what stands between its first braces. */
  public static int of(byte[] key) {
    int from = 0;
    int to = key.length;
    for (int open = 0; open < key.length; open++) {
      if (key[open] == '{') {
        int close = open + 1;
        while (close < key.length && key[close] != '}') {
          close++;
        }
        if (close < key.length && close > open + 1) {
          from = open + 1;
          to = close;
        }
        break;
      }
    }
    return slot(key, from, to);
  }

  /** A text that lies in the slot, to be put between braces. */
  public static String tag(int slot) {
    return TAGS[slot];
  }

  private static int slot(byte[] bytes, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = ((crc << 8) ^ CRC16[((crc >>> 8) ^ (bytes[i] & 0xff)) & 0xff]) & 0xffff;
    }
    return crc & (COUNT - 1);
  }

  private static int[] crc16() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
      }
      table[i] = crc & 0xffff;
    }
    return table;
  }

  /** For each slot the smallest number that lies in it. */
  private static String[] tags() {
    String[] tags = new String[COUNT];
    int missing = COUNT;
    for (int i = 0; missing > 0; i++) {
      byte[] text = Words.of(Integer.toString(i));
      int slot = slot(text, 0, text.length);
      if (tags[slot] == null) {
        tags[slot] = Integer.toString(i);
        missing--;
      }
    }
    return Arrays.copyOf(tags, COUNT);
  }
}
