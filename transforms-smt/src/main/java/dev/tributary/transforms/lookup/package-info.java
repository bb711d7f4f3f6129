/** Reading records from Redis by key, and keeping what was read. */
package dev.tributary.transforms.lookup;
