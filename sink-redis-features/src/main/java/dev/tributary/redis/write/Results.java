package dev.tributary.redis.write;

import dev.tributary.redis.link.RedisError;

/** Takes what became of items. Those that nothing is said of are to be sent again. */
interface Results {
  /** The key is as the change wants it. */
  void written(Item item);

  /** Redis has it, or a later one, already. */
  void skipped(Item item);

  /** The server refused it. */
  void failed(Item item, RedisError error);

  /** The server refused the offsets of the item's partition, whatever the item is. */
  void refused(Item item, RedisError error);

  /**
   * Redis has come less far than the item's partition had been written.
   *
   * @param stored how far, or a negative number where it knows nothing of it
   */
  void behind(Item item, long stored);
}
