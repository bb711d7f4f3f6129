package dev.tributary.redis.config;

/**
 * What is wrong with settings that are each right by themselves.
 *
 * @param key the key to show it at
 */
public record Problem(String key, Object value, String message) {}
