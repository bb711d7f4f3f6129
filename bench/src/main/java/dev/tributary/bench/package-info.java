/**
 * The benchmark suite: ours and a peer side by side in one run on one machine. {@code result} is
 * what a run brought, {@code measure} how it is measured, {@code report} the page made of it; each
 * of the others holds the benchmarks of one plugin.
 */
package dev.tributary.bench;
