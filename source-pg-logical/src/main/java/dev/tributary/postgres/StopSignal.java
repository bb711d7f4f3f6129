package dev.tributary.postgres;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what the reader is at when the task stops. Any thread may call. */
final class StopSignal {
  private static final Logger log = LoggerFactory.getLogger(StopSignal.class);

  private boolean requested;
  private AutoCloseable current;

  synchronized boolean isRequested() {
    return requested;
  }

  /** Closes this when the stop is requested, or now if it has been. */
  synchronized void onRequest(AutoCloseable closeable) {
    current = closeable;
    if (requested) {
      close();
    }
  }

  synchronized void request() {
    requested = true;
    close();
  }

  private void close() {
    if (current != null) {
      try {
        current.close();
      } catch (Exception e) {
        log.debug("The session did not close cleanly", e);
      }
    }
  }
}
