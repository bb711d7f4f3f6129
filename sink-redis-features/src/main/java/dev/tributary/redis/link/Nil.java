package dev.tributary.redis.link;

/** The reply that there is nothing. */
public enum Nil {
  NIL
}
