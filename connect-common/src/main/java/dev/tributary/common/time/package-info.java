/** Points in time as Connect, Debezium and plain records carry them. */
package dev.tributary.common.time;
