/** Compares what the pipeline made with what Postgres holds. */
package dev.tributary.demo.check;
