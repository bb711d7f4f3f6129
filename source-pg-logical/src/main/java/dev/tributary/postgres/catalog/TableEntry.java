package dev.tributary.postgres.catalog;

/**
 * A table in the list of all: an ordinary one, a partition, or a partitioned table, which has no
 * rows but its partitions'.
 *
 * @param partitioned whether it has partitions
 * @param parent the OID of the table that it is a partition of; 0 for none
 */
public record TableEntry(int oid, TableName name, boolean partitioned, int parent) {}
