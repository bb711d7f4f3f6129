package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import org.apache.kafka.connect.connector.ConnectRecord;

/** Makes the record that comes out of one that came in. Belongs to one task. */
interface RowWriter {

  /**
   * The record with new fields.
   *
   * @param added their values, in the order they were declared; nulls for what there is none of
   */
  <R extends ConnectRecord<R>> R write(R record, ChangeEvent event, Object[] added);

  /** The record of what is no event, without new fields; null if it is dropped. */
  <R extends ConnectRecord<R>> R pass(R record, ChangeEvent event);
}
