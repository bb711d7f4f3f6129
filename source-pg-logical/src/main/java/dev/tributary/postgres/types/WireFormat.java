package dev.tributary.postgres.types;

/** How the server sends a value. */
public enum WireFormat {
  TEXT,
  BINARY
}
