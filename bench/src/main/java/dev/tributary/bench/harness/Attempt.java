package dev.tributary.bench.harness;

/** Does the work once and says how it went. */
@FunctionalInterface
public interface Attempt {
  /**
   * Does the work.
   *
   * @param number 0 for the warm-up, then counted from 1; for names that must be new each time
   */
  Measurement run(int number) throws Exception;
}
