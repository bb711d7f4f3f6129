/** Reading tables as they stood when a slot was created. */
package dev.tributary.postgres.snapshot;
