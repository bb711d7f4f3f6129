/** What a run has measured, as numbers and as JSON. */
package dev.tributary.bench.result;
