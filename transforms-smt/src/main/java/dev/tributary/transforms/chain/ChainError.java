package dev.tributary.transforms.chain;

/**
 * The state of a chain cannot be made right, so the task has to stop.
 *
 * <p>An {@link Error}, as Connect lets {@code errors.tolerance=all} skip the record on every {@link
 * Exception} of a transform. No record is at fault here; skipping would drop all of them, one by
 * one.
 */
public final class ChainError extends Error {
  private static final long serialVersionUID = 1L;

  public ChainError(String message) {
    super(message);
  }

  public ChainError(String message, Throwable cause) {
    super(message, cause);
  }
}
