package dev.tributary.bench.harness;

/** One benchmark of the suite. It starts what it needs, and ends it. */
public interface Benchmark {
  /** What it is called on the command line: lower-case words joined by dashes. */
  String name();

  /** What it measures, in one sentence. */
  String sentence();

  /**
   * Measures.
   *
   * @param run takes the figures
   * @throws Exception if something does not start or a contestant does not get its work done; the
   *     run has no result then
   */
  void run(Run run) throws Exception;
}
