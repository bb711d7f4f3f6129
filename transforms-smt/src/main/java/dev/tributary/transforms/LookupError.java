package dev.tributary.transforms;

/**
 * Redis cannot be asked, so the task has to stop.
 *
 * <p>An {@link Error}, as Connect lets {@code errors.tolerance=all} skip the record on every {@link
 * Exception} of a transform; while Redis is away that would be all of them.
 */
final class LookupError extends Error {
  private static final long serialVersionUID = 1L;

  LookupError(String message) {
    super(message);
  }
}
