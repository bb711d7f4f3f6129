/** What the benchmarks of both sinks share: a task without a worker around it. */
package dev.tributary.bench.sink;
