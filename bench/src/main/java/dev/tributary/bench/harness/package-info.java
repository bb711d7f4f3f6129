/** How a benchmark is run: what it is given, and how contestants take turns. */
package dev.tributary.bench.harness;
