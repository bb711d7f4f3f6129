package dev.tributary.redis.encode;

import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the encoder of each data type out of what the types share.
 *
 * @param selection the fields that are written
 * @param nested how structs within rows become fields
 * @param separator between the names of nested fields
 */
public record Encoders(
    KeyTemplate key,
    ExpiryRule expiry,
    RecordEncoder.Deletes deletes,
    FieldSelection selection,
    Renames renames,
    Nested nested,
    String separator,
    NullValues nulls,
    TimeFormat times,
    Unavailable unavailable,
    Optional<FieldPath> version) {

  /** Hashes. */
  public RecordEncoder hash(HashMode mode) {
    ValueEncoder values = values();
    return with(new HashEncoder(mode, rows(mode == HashMode.MERGE, values)), values, version);
  }

  /** Strings. */
  public RecordEncoder string(KeyTemplate value) {
    ValueEncoder values = values();
    return with(new StringEncoder(value, values), values);
  }

  /**
   * JSON documents.
   *
   * @param pathHeader the header that names the path; empty for none
   */
  public RecordEncoder json(JsonMode mode, String pathHeader, String fixedPath) {
    ValueEncoder values = values();
    JsonEncoder.Path path = new JsonEncoder.Path(pathHeader, fixedPath);
    return with(new JsonEncoder(mode, path, selection, renames, values), values);
  }

  /** Streams. */
  public RecordEncoder stream(KeyTemplate id, StreamTrim trim) {
    ValueEncoder values = values();
    return with(new StreamEncoder(id, trim, rows(true, values), values), values);
  }

  /** Lists. */
  public RecordEncoder list(KeyTemplate member, ListEnd end, long maxLength) {
    ValueEncoder values = values();
    return with(new ListEncoder(member, end, maxLength, values), values);
  }

  /** Sets. */
  public RecordEncoder set(KeyTemplate member) {
    ValueEncoder values = values();
    return with(new SetEncoder(member, values), values);
  }

  /** Sorted sets. */
  public RecordEncoder zset(KeyTemplate member, KeyTemplate score) {
    ValueEncoder values = values();
    return with(new ZsetEncoder(member, score, values), values);
  }

  /** Time series. */
  public RecordEncoder timeSeries(
      KeyTemplate time, KeyTemplate sample, Duration retention, Map<String, KeyTemplate> labels) {
    ValueEncoder values = values();
    return with(new TimeSeriesEncoder(time, sample, retention, labels, values), values);
  }

  /** Messages. */
  public RecordEncoder pubSub(KeyTemplate message, boolean sharded) {
    ValueEncoder values = values();
    return with(new PubSubEncoder(message, sharded, rows(true, values), values), values);
  }

  private ValueEncoder values() {
    return new ValueEncoder(times, unavailable);
  }

  private RowEncoder rows(boolean keepsUnknown, ValueEncoder values) {
    return new RowEncoder(
        new RowEncoder.Shape(selection, renames, nested, separator), nulls, keepsUnknown, values);
  }

  private RecordEncoder with(TypeEncoder type, ValueEncoder values) {
    return with(type, values, Optional.empty());
  }

  private RecordEncoder with(TypeEncoder type, ValueEncoder values, Optional<FieldPath> from) {
    return new RecordEncoder(key, type, expiry, deletes, values, from);
  }
}
