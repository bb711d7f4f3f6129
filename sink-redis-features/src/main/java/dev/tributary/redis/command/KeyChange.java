package dev.tributary.redis.command;

/** What a record does to a Redis key. */
public sealed interface KeyChange permits HashChange, Commands {

  /** The Redis key. Not to be changed. */
  byte[] key();
}
