/** The transforms beside Kafka Streams. */
package dev.tributary.bench.features;
