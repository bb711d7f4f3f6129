package dev.tributary.redis.command;

/** What tells an older write of a hash from a newer one. */
public final class Version {
  /** Stands for no version: the write is done whatever was before. */
  public static final Version NONE = new Version(Words.EMPTY, Words.ZERO);

  private final byte[] field;
  private final byte[] value;

  Version(byte[] field, byte[] value) {
    this.field = field;
    this.value = value;
  }

  /** The field of the hash that carries it. */
  public byte[] field() {
    return field;
  }

  /** A whole number without leading zeros, or a text as long as all others of the field. */
  public byte[] value() {
    return value;
  }

  /** Whether versions are compared at all. */
  public boolean isPresent() {
    return field.length > 0;
  }
}
