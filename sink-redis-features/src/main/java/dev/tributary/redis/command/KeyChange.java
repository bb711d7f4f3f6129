package dev.tributary.redis.command;

/** What one record, or several of one key joined in their order, do to a Redis key. */
public sealed interface KeyChange permits HashWrite, KeyDelete {

  /** The Redis key. Not to be changed. */
  byte[] key();

  /** The one change that does what this one and then the next one of the same key would do. */
  KeyChange then(KeyChange next);
}
