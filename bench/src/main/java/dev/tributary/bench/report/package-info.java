/** The page and the charts made of results. */
package dev.tributary.bench.report;
