package dev.tributary.bench.features;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The same windows in Kafka Streams, as cheap as it has them: tumbling ones, no grace, no
 * changelog, nothing forwarded. A restart loses them; with a changelog, which ours has in the topic
 * itself, each record costs more.
 */
final class Topologies {
  private static final List<Duration> WINDOWS =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofHours(1));

  private Topologies() {}

  /** Where stores keep what they keep. */
  enum Store {
    /** On the heap. */
    MEMORY,
    /** On disk, which is the default. */
    ROCKSDB
  }

  /** Reads, and does nothing. */
  static Consumer<KStream<Long, byte[]>> nothing() {
    return stream -> {};
  }

  /** Counts in three tumbling windows. */
  static Consumer<KStream<Long, byte[]>> counts(Store store, boolean cached) {
    return stream -> {
      KGroupedStream<Long, byte[]> grouped = stream.groupByKey();
      for (Duration window : WINDOWS) {
        grouped
            .windowedBy(TimeWindows.ofSizeWithNoGrace(window))
            .count(store("counts-" + window.toSeconds(), store, window, window, cached));
      }
    };
  }

  /** Counts, and z-scores of three fields over the last 100 values. */
  static Consumer<KStream<Long, byte[]>> zScores(Store store, boolean cached) {
    return stream -> {
      counts(store, cached).accept(stream);
      stream.process(new ZScoreProcessor.Supplier(store));
    };
  }

  /** Counts in one sliding window of an hour. */
  static Consumer<KStream<Long, byte[]>> sliding(Store store) {
    Duration hour = Duration.ofHours(1);
    return stream ->
        stream
            .groupByKey()
            .windowedBy(SlidingWindows.ofTimeDifferenceWithNoGrace(hour))
            // it looks back two lengths of the window
            .count(store("sliding", store, hour.multipliedBy(2), hour, false));
  }

  private static Materialized<Long, Long, WindowStore<Bytes, byte[]>> store(
      String name, Store store, Duration kept, Duration window, boolean cached) {
    Duration retention = kept.plusMillis(1);
    WindowBytesStoreSupplier supplier =
        store == Store.MEMORY
            ? Stores.inMemoryWindowStore(name, retention, window, false)
            : Stores.persistentWindowStore(name, retention, window, false);
    Materialized<Long, Long, WindowStore<Bytes, byte[]>> materialized =
        Materialized.<Long, Long>as(supplier)
            .withKeySerde(Serdes.Long())
            .withValueSerde(Serdes.Long())
            .withLoggingDisabled();
    return cached ? materialized.withCachingEnabled() : materialized.withCachingDisabled();
  }
}
