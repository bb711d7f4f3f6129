package dev.tributary.bench.features;

import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/** One key, one sliding window of an hour, and so many events in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class WindowLengthJmh {
  private static final int BATCH = 20_000;
  private static final double HOUR_MS = 3_600_000;

  /** Events in the window. */
  @Param("1")
  public int events;

  /** The width of tiles; 1ms makes the window exact. */
  @Param("1m")
  public String tile;

  private final SinkRecord[] records = new SinkRecord[BATCH];
  private EventStructs structs;
  private TransformChain transforms;

  /** For JMH: with the window filled. */
  @Setup(Level.Trial)
  public void configure() {
    structs = new EventStructs(1, HOUR_MS / events);
    transforms = TransformChain.features("c = count() over 1h", Map.of("tile", tile));
    for (int i = 0; i < events; i++) {
      transforms.apply(structs.next());
    }
  }

  /** For JMH: the next records. */
  @Setup(Level.Invocation)
  public void make() {
    for (int i = 0; i < BATCH; i++) {
      records[i] = structs.next();
    }
  }

  /** The transform. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void transform(Blackhole sink, Costs costs) {
    costs.begin();
    for (SinkRecord record : records) {
      sink.consume(transforms.apply(record));
    }
    costs.end(BATCH);
  }
}
