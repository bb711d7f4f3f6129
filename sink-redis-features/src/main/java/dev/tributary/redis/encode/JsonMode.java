package dev.tributary.redis.encode;

/** What a write does to what a JSON document has and the record does not. */
public enum JsonMode {
  /** The document is replaced ({@code JSON.SET}). */
  SET,
  /** It stays, and a null takes a member away ({@code JSON.MERGE}, RFC 7396). */
  MERGE
}
