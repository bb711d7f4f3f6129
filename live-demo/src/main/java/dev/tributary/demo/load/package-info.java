/** The load on the shop's tables in Postgres. */
package dev.tributary.demo.load;
