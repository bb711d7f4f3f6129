package dev.tributary.transforms.change;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/**
 * How a row is copied into a larger one.
 *
 * @param schema of the larger one
 * @param from the row's fields
 * @param to the same in the larger one
 * @param deleted the field that tells whether the row was deleted, or null
 * @param added the fields of metadata, each null where the envelope does not have it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and read once per record
public record RowShape(Schema schema, Field[] from, Field[] to, Field deleted, Field[] added) {}
