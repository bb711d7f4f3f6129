package dev.tributary.redis.encode;

/** What a null in the row does to the field of the hash. */
public enum NullValues {
  /** The field stays as it is. */
  SKIP,
  /** The field becomes an empty string. */
  EMPTY,
  /** The field goes. */
  DELETE
}
