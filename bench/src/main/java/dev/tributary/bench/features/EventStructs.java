package dev.tributary.bench.features;

import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Rows of {@code user_events} as a sink's transforms see them: keys in turn in a fixed but mixed
 * order, event time going on evenly.
 */
public final class EventStructs {
  private static final Schema SCHEMA =
      SchemaBuilder.struct()
          .field("id", Schema.INT64_SCHEMA)
          .field("user_id", Schema.INT64_SCHEMA)
          .field("event_type", Schema.STRING_SCHEMA)
          .field("ts", Timestamp.SCHEMA)
          .field("amount", Schema.FLOAT64_SCHEMA)
          .field("engagement", Schema.FLOAT64_SCHEMA)
          .build();

  private static final String[] TYPES = {"view", "click", "purchase"};
  private static final long START_MS = 1_700_000_000_000L;

  private final int keys;
  private final double stepMs;
  private long number;

  /**
   * Rows.
   *
   * @param keys how many users
   * @param stepMs how far the events lie apart in event time
   */
  public EventStructs(int keys, double stepMs) {
    this.keys = keys;
    this.stepMs = stepMs;
  }

  /** The next record. */
  public SinkRecord next() {
    long n = number++;
    long time = START_MS + (long) (n * stepMs);
    long mixed = mix(n);
    Struct row =
        new Struct(SCHEMA)
            .put("id", n)
            .put("user_id", key(n))
            .put("event_type", TYPES[(int) (mixed & 0xffff) % TYPES.length])
            .put("ts", Timestamp.toLogical(Timestamp.SCHEMA, time))
            .put("amount", (mixed >>> 16 & 0xffff) / 100.0)
            .put("engagement", (mixed >>> 32 & 0xffff) / 65536.0);
    return new SinkRecord(
        "user_events", 0, null, null, SCHEMA, row, n, time, TimestampType.CREATE_TIME);
  }

  /** Whose the event of that number is: all keys within each {@code keys} events, mixed. */
  long key(long n) {
    return (n * 7_919) % keys;
  }

  /** The time of the event of that number. */
  long timeMs(long n) {
    return START_MS + (long) (n * stepMs);
  }

  /** SplitMix64's finisher: the same numbers in every run. */
  private static long mix(long n) {
    long z = n * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
