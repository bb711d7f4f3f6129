package dev.tributary.bench.features;

import dev.tributary.common.event.Structs;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Records through the transforms on one thread. The records are made outside of what is measured,
 * as a worker's converter makes them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FeaturesJmh {
  private static final int BATCH = 20_000;
  private static final int KEYS = 10_000;

  /** Which transforms: {@code features} or {@code zscore}. */
  @Param("features")
  public String chain;

  private final SinkRecord[] records = new SinkRecord[BATCH];
  private EventStructs events;
  private TransformChain transforms;
  private Schema outputSchema;
  private Field[] outputFields;

  /** For JMH: 1,000 events a second of event time, so that an hour holds 3.6 million. */
  @Setup(Level.Trial)
  public void configure() {
    events = new EventStructs(KEYS, 1.0);
    transforms = TransformChain.features(TransformChain.COUNTS, Map.of());
    if (chain.equals("zscore")) {
      transforms.zScores();
    }
    outputSchema = transforms.apply(events.next()).valueSchema();
    outputFields = outputSchema.fields().stream().map(Structs::unnamed).toArray(Field[]::new);
  }

  /** For JMH: the next records. */
  @Setup(Level.Invocation)
  public void make() {
    for (int i = 0; i < BATCH; i++) {
      records[i] = events.next();
    }
  }

  /** The transforms. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void transform(Blackhole sink, Costs costs) {
    costs.begin();
    for (SinkRecord record : records) {
      sink.consume(transforms.apply(record));
    }
    costs.end(BATCH);
  }

  /** Only what comes out: a Struct of the same schema with the same number of new values. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void outputAlone(Blackhole sink, Costs costs) {
    costs.begin();
    for (SinkRecord record : records) {
      sink.consume(copy(record));
    }
    costs.end(BATCH);
  }

  private SinkRecord copy(SinkRecord record) {
    Struct row = (Struct) record.value();
    Struct out = new Struct(outputSchema);
    Schema in = row.schema();
    int own = in.fields().size();
    for (Field field : outputFields) {
      if (field.index() < own) {
        out.put(field, row.get(in.fields().get(field.index())));
      } else if (field.schema().type() == Schema.Type.INT64) {
        out.put(field, record.kafkaOffset() + field.index());
      } else if (field.schema().type() == Schema.Type.BOOLEAN) {
        out.put(field, false);
      }
    }
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        record.keySchema(),
        record.key(),
        outputSchema,
        out,
        record.timestamp(),
        record.headers());
  }
}
