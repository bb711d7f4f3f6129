package dev.tributary.bench.features;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Counts what the measured code itself allocates, and the processor time it takes. JMH's own
 * profiler would also count the records that are made between the measurements; and processor time
 * is what "per core" means, also on a machine where others are at work.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Costs {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Bytes allocated in the iteration. */
  public long bytes;

  /** Records in the iteration. */
  public long records;

  /** Processor time of the iteration, in nanoseconds. */
  public long cpuNanos;

  private long bytesBefore;
  private long cpuBefore;

  /** For JMH. */
  @Setup(Level.Iteration)
  public void reset() {
    bytes = 0;
    records = 0;
    cpuNanos = 0;
  }

  void begin() {
    bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
    cpuBefore = THREADS.getCurrentThreadCpuTime();
  }

  void end(int count) {
    cpuNanos += THREADS.getCurrentThreadCpuTime() - cpuBefore;
    bytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
    records += count;
  }
}
