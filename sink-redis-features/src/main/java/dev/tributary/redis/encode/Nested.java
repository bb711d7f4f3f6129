package dev.tributary.redis.encode;

/** How structs and maps within a row become fields. */
public enum Nested {
  /** One field, as JSON. */
  JSON,
  /** A field for each of theirs, with a separator in between; arrays are JSON still. */
  FLATTEN
}
