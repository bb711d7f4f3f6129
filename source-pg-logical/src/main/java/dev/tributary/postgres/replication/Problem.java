package dev.tributary.postgres.replication;

/**
 * Something that keeps the connector from working, and what to do about it.
 *
 * @param key of the config, to which it belongs
 * @param message readable by itself
 */
public record Problem(String key, String message) {}
