/** What the connector can be told, and what follows from it once. */
package dev.tributary.clickhouse.config;
