package dev.tributary.stack;

/**
 * A server whose address was given by an environment variable: it is used and left alone.
 *
 * @param name what messages call it
 * @param variable the environment variable
 */
record GivenAddress(String name, String variable) implements Backing {
  @Override
  public void start() {
    throw notOurs("start");
  }

  @Override
  public void stop() {
    throw notOurs("stop");
  }

  @Override
  public void kill() {
    throw notOurs("kill");
  }

  @Override
  public boolean restartable() {
    return false;
  }

  @Override
  public void close() {}

  private StackException notOurs(String what) {
    return new StackException(
        "cannot " + what + " " + name + ": it was given by " + variable + "; unset that variable");
  }
}
