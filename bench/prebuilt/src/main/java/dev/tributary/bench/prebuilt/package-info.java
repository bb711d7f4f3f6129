/** A source that only hands out records made beforehand: the limit of what a source can do. */
package dev.tributary.bench.prebuilt;
