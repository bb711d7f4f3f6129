/** What the server's output plugin sends: bytes to messages. Pure. */
package dev.tributary.postgres.pgoutput;
