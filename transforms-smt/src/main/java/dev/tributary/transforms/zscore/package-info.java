/** Scoring values against those before them: pure values without Kafka, Connect or I/O. */
package dev.tributary.transforms.zscore;
