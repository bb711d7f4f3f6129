package dev.tributary.clickhouse.record;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Operation;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The table follows its source: each event writes the row that its key has from now on.
 *
 * <p>A tombstone behind an envelope's delete says nothing new and is skipped. On a topic without
 * envelopes it is the delete, and marks its key. A changed primary key comes as delete, tombstone
 * and create, and needs nothing of its own.
 */
public final class MirrorRules implements RowRules {
  private final Versions versions;
  private final boolean keyInRow;
  private boolean seenEnvelope;

  /**
   * @param keyInRow whether the columns that identify a row are configured, so that records need no
   *     key
   */
  public MirrorRules(Versions versions, boolean keyInRow) {
    this.versions = versions;
    this.keyInRow = keyInRow;
  }

  @Override
  public RowChange decide(SinkRecord record, ChangeEvent event) {
    seenEnvelope |= event.form() == ChangeEvent.Form.ENVELOPE;
    Operation operation = event.operation();
    boolean told = event.form() == ChangeEvent.Form.TOMBSTONE && seenEnvelope;
    if (told || operation == Operation.MESSAGE) {
      return RowChange.Skip.INSTANCE;
    }
    if (operation == Operation.TRUNCATE) {
      return new RowChange.Truncate(versions.of(record, event));
    }
    if (record.key() == null && (!keyInRow || event.row() == null)) {
      throw new DataException(
          "the record has no key to tell which row it changes; key the topic by the primary key, or"
              + " name the key's columns in 'order.by'");
    }
    return new RowChange.Write(
        event.row(),
        record.key(),
        operation == Operation.DELETE,
        versions.of(record, event),
        operation.code());
  }

  @Override
  public boolean mirrors() {
    return true;
  }
}
