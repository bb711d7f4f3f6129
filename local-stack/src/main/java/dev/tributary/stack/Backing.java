package dev.tributary.stack;

/** What a server of the stack really is. One thread at a time calls it. */
interface Backing extends AutoCloseable {
  /** Starts it where it does not run, and returns when it is ready. */
  void start();

  /** Starts it for the first time; where that fails, nothing of it stays. */
  default Backing started() {
    try {
      start();
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Stops it in good order; its data and its port stay. */
  void stop();

  /** Ends it with SIGKILL; its data and its port stay. */
  void kill();

  /** Whether {@link #start}, {@link #stop} and {@link #kill} are possible. */
  boolean restartable();

  /** Stops and starts it, also from stopped or killed. */
  default void restart() {
    stop();
    start();
  }

  /** Ends it and deletes its data, where it is ours. */
  @Override
  void close();
}
