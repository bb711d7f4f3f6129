package dev.tributary.redis.link;

/** The server answered the login with an error. */
public final class RedisRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final RedisError error;

  /** A refusal in the words of the server. */
  public RedisRefusedException(RedisError error) {
    super(error.reply());
    this.error = error;
  }

  /** What the server said. */
  public RedisError error() {
    return error;
  }
}
