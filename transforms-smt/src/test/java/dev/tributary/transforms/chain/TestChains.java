package dev.tributary.transforms.chain;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/** Chains on topics in memory, for tests in other packages too. */
public final class TestChains {
  /** Few, so that rewinds go further too. */
  static final int RECENT_RECORDS = 10;

  private final Chain chain;
  private final RestoreSettings.Mode mode;
  private final Optional<RestoreSettings.SnapshotFolder> snapshots;

  private TestChains(Chain chain, RestoreSettings.Mode mode) {
    this(chain, mode, Optional.empty());
  }

  private TestChains(
      Chain chain, RestoreSettings.Mode mode, Optional<RestoreSettings.SnapshotFolder> snapshots) {
    this.chain = chain;
    this.mode = mode;
    this.snapshots = snapshots;
  }

  /** A chain that restores from these records. */
  public static TestChains restoringFrom(List<SinkRecord> stored) {
    return new TestChains(Chain.on(new InMemoryHistory(stored)), RestoreSettings.Mode.TOPIC);
  }

  /** The same with snapshots in a folder, one before every record. */
  public static TestChains restoringFrom(List<SinkRecord> stored, Path snapshots) {
    return on(new InMemoryHistory(stored), snapshots);
  }

  static TestChains on(History history, Path snapshots) {
    return on(history, snapshots, Duration.ZERO, () -> 0);
  }

  static TestChains on(History history, Path snapshots, Duration interval, LongSupplier nanos) {
    return new TestChains(
        Chain.on(history, nanos),
        RestoreSettings.Mode.TOPIC,
        Optional.of(new RestoreSettings.SnapshotFolder(snapshots, interval)));
  }

  /** A source's chain that restores from what these records are. */
  public static TestChains writing(List<SourceRecord> written) {
    return new TestChains(Chain.on(new InMemoryTopic(written)), RestoreSettings.Mode.TOPIC);
  }

  static TestChains on(History history) {
    return new TestChains(Chain.on(history), RestoreSettings.Mode.TOPIC);
  }

  /** A chain that begins empty. */
  public static TestChains withoutRestore() {
    return new TestChains(Chain.on(new InMemoryHistory(List.of())), RestoreSettings.Mode.NONE);
  }

  public <S> Seat<S> add(Stateful<S> member) {
    return add(member, Map.of());
  }

  <S> Seat<S> add(Stateful<S> member, Map<String, ?> config) {
    return chain.add(member, config, settings(mode, snapshots));
  }

  static RestoreSettings settings(RestoreSettings.Mode mode) {
    return settings(mode, Optional.empty());
  }

  private static RestoreSettings settings(
      RestoreSettings.Mode mode, Optional<RestoreSettings.SnapshotFolder> snapshots) {
    return new RestoreSettings(
        mode,
        "",
        Map.of(),
        "Converter",
        Map.of(),
        "${topic}",
        Duration.ofSeconds(1),
        RECENT_RECORDS,
        snapshots);
  }
}
