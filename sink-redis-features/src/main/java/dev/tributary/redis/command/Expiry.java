package dev.tributary.redis.command;

import java.util.List;

/**
 * What a write does to the time a key has left to live.
 *
 * @param kind how it is meant
 * @param millis a duration or a point in time since 1970-01-01 UTC, by the kind
 */
public record Expiry(Kind kind, long millis) {
  /** The key keeps what it has. */
  public static final Expiry UNTOUCHED = new Expiry(Kind.UNTOUCHED, 0);

  /** The key lives for ever. */
  public static final Expiry NEVER = new Expiry(Kind.NEVER, 0);

  /** How it is meant. */
  public enum Kind {
    UNTOUCHED,
    NEVER,
    IN,
    AT
  }

  /** So many milliseconds from the write. */
  public static Expiry in(long millis) {
    return new Expiry(Kind.IN, millis);
  }

  /** At a point in time, in milliseconds since 1970-01-01 UTC. */
  public static Expiry at(long epochMillis) {
    return new Expiry(Kind.AT, epochMillis);
  }

  /** As the scripts take it: empty, {@code 0}, a number of milliseconds, or one after an @. */
  byte[] argument() {
    return switch (kind) {
      case UNTOUCHED -> Words.EMPTY;
      case NEVER -> Words.ZERO;
      case IN -> Words.of(millis);
      case AT -> Words.of("@" + millis);
    };
  }

  /** The command behind a write without a script; none where the key keeps what it has. */
  public List<List<byte[]>> commands(byte[] key) {
    return switch (kind) {
      case UNTOUCHED -> List.of();
      case NEVER -> List.of(List.of(Words.of("PERSIST"), key));
      case IN -> List.of(List.of(Words.PEXPIRE, key, Words.of(millis)));
      case AT -> List.of(List.of(Words.PEXPIREAT, key, Words.of(millis)));
    };
  }
}
