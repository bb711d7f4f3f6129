/** Column values: from what the server sends to what Connect carries. Pure. */
package dev.tributary.postgres.types;
