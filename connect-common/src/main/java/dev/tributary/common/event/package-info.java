/**
 * One view of a record, whichever form it came in: envelope, flattened row, plain record,
 * tombstone.
 */
package dev.tributary.common.event;
