package dev.tributary.stack;

import java.util.concurrent.Callable;

/**
 * A server whose address was given by an environment variable: it is used and left alone.
 *
 * @param name what messages call it
 * @param variable the environment variable
 */
record GivenAddress(String name, String variable) implements Backing {
  /**
   * Asks whether a server is there.
   *
   * @throws StackException when there is none
   */
  void check(Callable<Boolean> answers) {
    String why = "it says something else";
    try {
      if (answers.call()) {
        return;
      }
    } catch (StackException e) {
      throw e;
    } catch (Exception e) {
      why = e.getMessage();
    }
    throw new StackException(name + " as given by " + variable + " does not answer: " + why);
  }

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
