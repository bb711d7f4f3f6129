package dev.tributary.redis.command;

/** What one record, or several of one key joined in their order, do to a hash. */
public sealed interface HashChange extends KeyChange permits HashWrite, KeyDelete {

  /** The one change that does what this one and then the next one of the same key would do. */
  HashChange then(HashChange next);
}
