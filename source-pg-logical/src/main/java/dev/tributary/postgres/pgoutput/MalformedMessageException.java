package dev.tributary.postgres.pgoutput;

/**
 * Bytes that are no message of the output plugin. Says what was wrong and where, never the data.
 */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message);
  }

  public MalformedMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
