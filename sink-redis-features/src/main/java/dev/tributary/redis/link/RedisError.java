package dev.tributary.redis.link;

/**
 * An error reply.
 *
 * @param reply its text, without the {@code -} in front
 */
public record RedisError(String reply) {}
