package dev.tributary.postgres.config;

import java.util.List;

/**
 * How rows are written where they are written without an envelope.
 *
 * @param deletes what becomes of deletes
 * @param added fields of the change event that stand beside the columns
 */
public record RowFormat(Deletes deletes, List<AddedField> added) {
  /** The field that tells a deleted row from others, where deletes are rewritten. */
  public static final String DELETED = "__deleted";

  /** What becomes of a delete, and of the tombstone that follows it in the other format. */
  public enum Deletes {
    /** Neither is written. */
    DROP,
    /** One record without a value, but with the row's schema. */
    TOMBSTONE,
    /** One record without a value and without a schema. */
    DELETE_TO_TOMBSTONE,
    /** The old row, with {@value RowFormat#DELETED}. */
    REWRITE,
    /** The same, and a tombstone. */
    REWRITE_WITH_TOMBSTONE;

    /** Whether rows tell if they were deleted. */
    public boolean rewrites() {
      return this == REWRITE || this == REWRITE_WITH_TOMBSTONE;
    }
  }

  public RowFormat {
    added = List.copyOf(added);
  }

  /** Whether rows have a field of a block. */
  public boolean has(AddedField.Home home) {
    return added.stream().anyMatch(field -> field.home() == home);
  }
}
