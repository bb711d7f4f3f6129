/** Changes to Connect records, in the form Debezium writes them. */
package dev.tributary.postgres.record;
