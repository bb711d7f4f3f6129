/** Connections, pipelines and retries. Everything here belongs to one task's thread. */
package dev.tributary.redis.write;
