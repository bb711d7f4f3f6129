package dev.tributary.transforms;

import org.apache.kafka.connect.data.Schema;

/** A field that a transform adds to a row. */
record AddedField(String name, Schema schema) {}
