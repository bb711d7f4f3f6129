/** The Postgres source beside Debezium, in one worker, and beside the limits of both. */
package dev.tributary.bench.source;
