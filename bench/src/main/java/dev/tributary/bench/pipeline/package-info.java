/** The whole job: from a commit in Postgres to a feature in Redis and a row in ClickHouse. */
package dev.tributary.bench.pipeline;
