package dev.tributary.redis.command;

import java.util.Locale;

/**
 * The versions that writes of hashes carry.
 *
 * <p>By position: the record's offset, one version for each connector, topic and partition. By a
 * field such as {@code source.lsn}: its number, and the offset where two records have the same one,
 * as the changes of a transaction may; one version for each connector, in two blocks of 19 digits.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
public final class Versions {
  private final VersionFields fields;
  private final byte[] ofConnector;

  /** The versions of one connector. */
  public Versions(VersionFields fields) {
    this.fields = fields;
    this.ofConnector = fields.ofConnector();
  }

  /** A version by position. */
  public Version of(Position position) {
    return new Version(fields.name(position), Words.of(position.offset()));
  }

  /**
   * A version by the number in a field, which must not be negative.
   *
   * @throws IllegalArgumentException if it is
   */
  public Version of(long number, Position position) {
    if (number < 0) {
      throw new IllegalArgumentException("a version below zero");
    }
    return new Version(
        ofConnector,
        Words.of(String.format(Locale.ROOT, "%019d-%019d", number, position.offset())));
  }
}
