/**
 * The main job, live: a shop's rows in Postgres become features in Redis and tables in ClickHouse.
 */
package dev.tributary.demo;
