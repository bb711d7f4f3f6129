package dev.tributary.redis.write;

/** The connection did not come about, or broke. */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
