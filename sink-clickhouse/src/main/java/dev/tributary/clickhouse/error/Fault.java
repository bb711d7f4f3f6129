package dev.tributary.clickhouse.error;

/** What is to be done about a failed request. */
public enum Fault {
  /** The server or the way to it is out of order for now: try the same again later. */
  RETRY,
  /** The table is not what it was thought to be: look at it anew, then try again. */
  REFRESH,
  /** Some row cannot be written: find it, reject it, write its neighbours. */
  ISOLATE,
  /** The rows are good, but too much for one insert: write them in parts. */
  DIVIDE,
  /** Nothing that the task can do will help. */
  STOP
}
