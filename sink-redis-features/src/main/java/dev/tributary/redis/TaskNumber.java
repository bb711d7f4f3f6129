package dev.tributary.redis;

/** A task's number among those of its connector, which Connect itself does not tell it. */
final class TaskNumber {
  /** The property that the connector gives each task. */
  static final String KEY = "tributary.task";

  private TaskNumber() {}
}
