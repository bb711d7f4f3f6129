/** Clocks, processes, garbage and profiles around what is measured. */
package dev.tributary.bench.measure;
