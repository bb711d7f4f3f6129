package dev.tributary.redis.link;

import javax.net.ssl.SSLException;

/** The connection did not come about, or broke. */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LinkException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether the two ends do not agree on TLS: a certificate, a version, or that there is any. */
  public boolean isOfTls() {
    for (Throwable at = getCause(); at != null; at = at.getCause()) {
      if (at instanceof SSLException) {
        return true;
      }
    }
    return false;
  }
}
