/** What is to happen to a Redis key, and the commands of the protocol that make it happen. */
package dev.tributary.redis.command;
