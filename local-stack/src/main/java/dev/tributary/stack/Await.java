package dev.tributary.stack;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Waits for a condition by asking again and again until a deadline. What the question throws counts
 * as "not yet"; when the deadline has passed, the message tells what was awaited and the last state
 * seen, and the last thing thrown is the cause.
 */
public final class Await {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

  private Await() {}

  /** A question that answers by returning or by throwing, as an assertion does. */
  @FunctionalInterface
  public interface Check {
    void run() throws Exception;
  }

  /**
   * Waits until the condition holds.
   *
   * @param what the condition in words, to stand after "waited 10 s for"
   * @throws StackException when it does not hold within the time, or the thread is interrupted
   */
  public static void until(String what, Duration within, Callable<Boolean> condition) {
    until(what, within, condition, Boolean.TRUE::equals);
  }

  /** Waits until the check passes without throwing; an {@link AssertionError} is "not yet" too. */
  public static void untilPasses(String what, Duration within, Check check) {
    Callable<Boolean> passed =
        () -> {
          check.run();
          return true;
        };
    until(what, within, passed);
  }

  /**
   * Waits until the state satisfies the predicate, and returns that state.
   *
   * @param state asked again and again; its {@code toString} is shown when time is up
   */
  public static <T> T until(
      String what, Duration within, Callable<T> state, Predicate<? super T> reached) {
    long deadline = System.nanoTime() + within.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      String seen;
      Throwable thrown = null;
      try {
        T current = state.call();
        if (reached.test(current)) {
          return current;
        }
        seen = String.valueOf(current);
      } catch (InterruptedException e) {
        throw interrupted(what, e);
      } catch (Hopeless e) {
        throw e.reason;
      } catch (Exception | AssertionError e) {
        thrown = e;
        seen = e.toString();
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new StackException(
            "waited " + readable(within) + " for " + what + "; last seen: " + seen, thrown);
      }
      pause(what, pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_PAUSE) > 0) {
        pause = LONGEST_PAUSE;
      }
    }
  }

  /** Thrown by a condition that can never hold any more; ends the wait at once with the reason. */
  static final class Hopeless extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final StackException reason;

    Hopeless(StackException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private static void pause(String what, Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    }
  }

  private static StackException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StackException("interrupted while waiting for " + what, e);
  }

  private static String readable(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
