/** Sessions, slots and publications on the server. */
package dev.tributary.postgres.replication;
