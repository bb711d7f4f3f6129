package dev.tributary.stack;

/** Whether a server that was started is ready; what it throws counts as "not yet". */
@FunctionalInterface
interface Ready {
  /**
   * Asked again and again after a start.
   *
   * @param log what the server has written since that start
   */
  boolean test(String log) throws Exception;
}
