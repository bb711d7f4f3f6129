/** What an error that Redis answers with means for the record, the batch and the task. */
package dev.tributary.redis.errors;
