/** The Postgres source connector and its task. */
package dev.tributary.postgres;
