/** From a sink record to the change of a Redis key: no connection, no config, no state. */
package dev.tributary.redis.encode;
