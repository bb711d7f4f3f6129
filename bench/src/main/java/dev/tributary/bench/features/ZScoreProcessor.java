package dev.tributary.bench.features;

import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The z-scores of a record's three numbers against the last 100 of its key, as someone would write
 * it by hand for Kafka Streams: rings and running sums in one array of bytes, changed in place.
 */
final class ZScoreProcessor implements Processor<Long, byte[], Long, Long> {
  private static final String STORE = "z-scores";
  private static final int FIELDS = 3;
  private static final int WINDOW = 100;
  private static final int SUMS = Integer.BYTES;
  private static final int RINGS = SUMS + FIELDS * 2 * Double.BYTES;
  private static final int SIZE = RINGS + FIELDS * WINDOW * Double.BYTES;
  private static final double THRESHOLD = 3;
  private static final int MIN_SAMPLES = 10;

  private KeyValueStore<Long, byte[]> store;
  private ProcessorContext<Long, Long> context;

  @Override
  public void init(ProcessorContext<Long, Long> processorContext) {
    context = processorContext;
    store = processorContext.getStateStore(STORE);
  }

  @Override
  public void process(Record<Long, byte[]> record) {
    byte[] bytes = store.get(record.key());
    ByteBuffer state = ByteBuffer.wrap(bytes == null ? new byte[SIZE] : bytes);
    ByteBuffer values = ByteBuffer.wrap(record.value());
    int count = state.getInt(0);
    int held = Math.min(count, WINDOW);
    long flags = 0;
    for (int field = 0; field < FIELDS; field++) {
      double value = values.getDouble(field * Double.BYTES);
      int sums = SUMS + field * 2 * Double.BYTES;
      double sum = state.getDouble(sums);
      double squares = state.getDouble(sums + Double.BYTES);
      if (held >= MIN_SAMPLES) {
        double mean = sum / held;
        double deviation = Math.sqrt(Math.max(0, squares / held - mean * mean));
        if (Math.abs(value - mean) > THRESHOLD * deviation) {
          flags |= 1L << field;
        }
      }
      int slot = RINGS + (field * WINDOW + count % WINDOW) * Double.BYTES;
      double leaving = state.getDouble(slot); // 0 until the ring is full
      state.putDouble(slot, value);
      state.putDouble(sums, sum + value - leaving);
      state.putDouble(sums + Double.BYTES, squares + value * value - leaving * leaving);
    }
    state.putInt(0, count + 1);
    store.put(record.key(), state.array());
    context.forward(record.withValue(flags));
  }

  /** Brings the store along. */
  record Supplier(Topologies.Store where) implements ProcessorSupplier<Long, byte[], Long, Long> {
    @Override
    public Processor<Long, byte[], Long, Long> get() {
      return new ZScoreProcessor();
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(
          Stores.keyValueStoreBuilder(
                  where == Topologies.Store.MEMORY
                      ? Stores.inMemoryKeyValueStore(STORE)
                      : Stores.persistentKeyValueStore(STORE),
                  Serdes.Long(),
                  Serdes.ByteArray())
              .withLoggingDisabled());
    }
  }
}
