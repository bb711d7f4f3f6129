/** Ways to a Redis: one server, a cluster, or the master that Sentinels name. */
package dev.tributary.redis.link;
