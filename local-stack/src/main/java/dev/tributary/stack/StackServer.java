package dev.tributary.stack;

/** A server of the stack that can be ended and started again. One thread at a time calls it. */
public abstract class StackServer implements AutoCloseable {
  private final Backing backing;

  StackServer(Backing backing) {
    this.backing = backing;
  }

  final Backing backing() {
    return backing;
  }

  /** Ends the server and its sessions with SIGKILL. */
  public final void kill() {
    backing.kill();
  }

  /** Stops the server in good order; Postgres by the fast shutdown, which ends open sessions. */
  public final void stop() {
    backing.stop();
  }

  /** Starts the server again on the same port and data, whether it was killed, stopped or runs. */
  public final void restart() {
    backing.restart();
  }

  /** False where the server was given by address: it can be neither killed nor restarted. */
  public final boolean restartable() {
    return backing.restartable();
  }

  /** Ends the server and deletes its data, where they are ours. */
  @Override
  public final void close() {
    backing.close();
  }
}
