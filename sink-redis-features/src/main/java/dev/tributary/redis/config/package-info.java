/** The connector's settings. */
package dev.tributary.redis.config;
