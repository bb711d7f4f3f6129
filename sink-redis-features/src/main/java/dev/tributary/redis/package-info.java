/** The Redis sink: rows and features of a topic become Redis hashes. */
package dev.tributary.redis;
