/** Where a stream of transactions stands. Pure. */
package dev.tributary.postgres.position;
