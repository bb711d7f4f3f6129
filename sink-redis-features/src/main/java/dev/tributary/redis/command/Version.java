package dev.tributary.redis.command;

/**
 * What tells an older write of a hash from a newer one.
 *
 * @param field the field of the hash that carries it
 * @param value a whole number without leading zeros, or a text as long as all others of the field
 */
public record Version(byte[] field, byte[] value) {
  /** Stands for no version: the write is done whatever was before. */
  public static final Version NONE = new Version(Words.EMPTY, Words.ZERO);

  /** Whether versions are compared at all. */
  boolean isPresent() {
    return field.length > 0;
  }
}
