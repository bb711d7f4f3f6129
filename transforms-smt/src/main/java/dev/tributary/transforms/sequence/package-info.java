/**
 * Patterns over the events of a key, how their declaration is read, and their state: pure values
 * without Kafka, Connect, clock or I/O.
 */
package dev.tributary.transforms.sequence;
