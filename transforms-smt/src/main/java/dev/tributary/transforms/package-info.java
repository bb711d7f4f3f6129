/** Single message transforms and predicates that make features of a stream of records. */
package dev.tributary.transforms;
