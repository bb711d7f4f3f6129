package dev.tributary.clickhouse.record;

import dev.tributary.common.error.Coordinates;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table follows its source: each event writes the row that its key has from now on.
 *
 * <p>A tombstone behind a delete (an envelope's, or a row with {@code __deleted}) says nothing new
 * and is skipped. On a topic without such deletes it is the delete itself, and marks its key; that
 * takes a key that names the row, and rows that are ordered by their offset, as a tombstone has
 * nothing else to order it. A changed primary key comes as delete, tombstone and create, and needs
 * nothing of its own.
 */
public final class MirrorRules implements RowRules {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorRules.class);

  private final Versions versions;
  private final List<String> keyColumns;
  private final FieldPath deleted = FieldPath.parse("__deleted");
  private final Map<String, Deletes> deletesOfTopic = new HashMap<>();

  /** How a topic tells that a row is gone. */
  private enum Deletes {
    /** By a tombstone alone, as far as is known. */
    BY_TOMBSTONE,
    /** By a row with {@code __deleted}, with a tombstone behind it or not. */
    BY_ROW,
    /** By an envelope, with a tombstone behind it or not. */
    BY_ENVELOPE
  }

  /**
   * @param keyColumns the configured columns that identify a row; where there are some, records
   *     need no key. Empty for those of the record key
   */
  public MirrorRules(Versions versions, List<String> keyColumns) {
    this.versions = versions;
    this.keyColumns = keyColumns;
  }

  @Override
  public RowChange decide(SinkRecord record, ChangeEvent event) {
    if (event.form() == ChangeEvent.Form.TOMBSTONE) {
      return tombstone(record, event);
    }
    learn(record.originalTopic(), event);
    Operation operation = event.operation();
    if (operation == Operation.MESSAGE) {
      return RowChange.Skip.INSTANCE;
    }
    if (operation == Operation.TRUNCATE) {
      long version = versions.of(record, event);
      return new RowChange.Truncate(version, versions.leavesTombstonesOut(record.originalTopic()));
    }
    if (event.row() == null || (record.key() == null && keyColumns.isEmpty())) {
      needKey(record);
    }
    return new RowChange.Write(
        event.row(),
        record.key(),
        operation == Operation.DELETE,
        versions.of(record, event),
        operation.code());
  }

  private void learn(String topic, ChangeEvent event) {
    Deletes known = deletesOfTopic.get(topic);
    if (event.form() == ChangeEvent.Form.ENVELOPE) {
      if (known != Deletes.BY_ENVELOPE) {
        deletesOfTopic.put(topic, Deletes.BY_ENVELOPE);
      }
    } else if (known == null || known == Deletes.BY_TOMBSTONE) {
      boolean marks = event.form() == ChangeEvent.Form.FLAT && deleted.isPresentIn(event);
      deletesOfTopic.put(topic, marks ? Deletes.BY_ROW : Deletes.BY_TOMBSTONE);
    }
  }

  private RowChange tombstone(SinkRecord record, ChangeEvent event) {
    String topic = record.originalTopic();
    Deletes deletes = deletesOfTopic.get(topic);
    boolean cannotDelete = !namesRow(record.key()) || versions.leavesTombstonesOut(topic);
    if (deletes == Deletes.BY_ENVELOPE || (deletes == Deletes.BY_ROW && cannotDelete)) {
      return RowChange.Skip.INSTANCE;
    }
    if (deletes == null && cannotDelete) {
      LOG.warn(
          "A tombstone came before any event that would tell how topic '{}' marks deletes; it is"
              + " taken to stand behind one that is written already, and skipped ({})",
          topic,
          Coordinates.of(record));
      return RowChange.Skip.INSTANCE;
    }
    needKey(record);
    if (cannotDelete) {
      throw new DataException(
          "a tombstone deletes a row whose versions are no offsets (they come from version.field or"
              + " the LSN), and has no version itself; let deletes be rewritten"
              + " (ExtractNewRecordState with delete.tombstone.handling.mode=rewrite, which adds"
              + " __deleted), or keep the envelope");
    }
    return new RowChange.Write(
        null, record.key(), true, versions.of(record, event), event.operation().code());
  }

  private void needKey(SinkRecord record) {
    if (record.key() == null) {
      throw new DataException(
          "the record has no key to tell which row it changes; key the topic by the primary key, or"
              + " name the key's columns in 'order.by'");
    }
    if (!namesRow(record.key())) {
      throw new DataException(
          "the record has no row, and its key lacks columns of 'order.by' "
              + keyColumns
              + " to tell which row is deleted; key the topic by them, or let deletes carry the row"
              + " (keep the envelope, or let deletes be rewritten, and set REPLICA IDENTITY so that"
              + " it covers these columns)");
    }
  }

  private boolean namesRow(Object key) {
    if (key instanceof Struct struct) {
      return keyColumns.stream().allMatch(column -> struct.schema().field(column) != null);
    }
    if (key instanceof Map<?, ?> map) {
      return keyColumns.stream().allMatch(map::containsKey);
    }
    return key != null && keyColumns.size() <= 1;
  }

  @Override
  public void forget(Collection<TopicPartition> partitions) {
    versions.forget(partitions);
  }

  @Override
  public boolean mirrors() {
    return true;
  }
}
