/** Commits at a steady rate. */
package dev.tributary.bench.load;
