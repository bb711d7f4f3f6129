/**
 * Reading tables again while their changes are streamed, in the order of their keys, with
 * watermarks in the log.
 */
package dev.tributary.postgres.incremental;
