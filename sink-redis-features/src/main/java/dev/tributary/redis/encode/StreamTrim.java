package dev.tributary.redis.encode;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How streams are kept short with every entry that is added.
 *
 * @param maxLength how many entries stay; 0 for all
 * @param maxAge how old entries get by the time in their IDs; zero for ever. Not with a length
 * @param exact whether exactly, or where it costs the server little
 * @param now the time in milliseconds since 1970-01-01 UTC
 */
public record StreamTrim(long maxLength, Duration maxAge, boolean exact, LongSupplier now) {
  private static final byte[] MAXLEN = Bytes.ascii("MAXLEN");
  private static final byte[] MINID = Bytes.ascii("MINID");
  private static final byte[] EXACT = Bytes.ascii("=");
  private static final byte[] ABOUT = Bytes.ascii("~");

  void addTo(List<byte[]> command) {
    if (maxLength > 0) {
      command.add(MAXLEN);
      command.add(exact ? EXACT : ABOUT);
      command.add(Bytes.of(maxLength));
    } else if (!maxAge.isZero()) {
      command.add(MINID);
      command.add(exact ? EXACT : ABOUT);
      command.add(Bytes.of(Math.max(0, now.getAsLong() - maxAge.toMillis())));
    }
  }
}
