package dev.tributary.bench.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records that become hashes of four fields, of random users. */
final class FeatureRecords {
  static final TopicPartition PARTITION = new TopicPartition("features", 0);
  static final int USERS = 10_000;

  private static final Schema SCHEMA =
      SchemaBuilder.struct()
          .field("user_id", Schema.INT64_SCHEMA)
          .field("event_count_1min", Schema.INT64_SCHEMA)
          .field("event_count_1hr", Schema.INT64_SCHEMA)
          .field("spend_1h", Schema.FLOAT64_SCHEMA)
          .build();

  private final Random random = new Random(1);
  private long offset;

  /** The next ones. */
  List<SinkRecord> next(int count) {
    List<SinkRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Struct row =
          new Struct(SCHEMA)
              .put("user_id", (long) random.nextInt(USERS))
              .put("event_count_1min", (long) random.nextInt(60))
              .put("event_count_1hr", (long) random.nextInt(3600))
              .put("spend_1h", random.nextInt(1_000_000) / 100.0);
      records.add(
          new SinkRecord(
              PARTITION.topic(),
              PARTITION.partition(),
              null,
              null,
              SCHEMA,
              row,
              offset++,
              1_700_000_000_000L + offset,
              TimestampType.CREATE_TIME));
    }
    return records;
  }

  /** The offset behind the last one. */
  long end() {
    return offset;
  }
}
