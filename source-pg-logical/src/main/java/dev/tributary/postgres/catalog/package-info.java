/** Tables, columns and types as the server's catalogue describes them. */
package dev.tributary.postgres.catalog;
