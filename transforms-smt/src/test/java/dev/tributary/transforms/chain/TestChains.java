package dev.tributary.transforms.chain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/** Chains on topics in memory, for tests in other packages too. */
public final class TestChains {
  /** Few, so that rewinds go further too. */
  static final int RECENT_RECORDS = 10;

  private final Chain chain;
  private final RestoreSettings.Mode mode;

  private TestChains(Chain chain, RestoreSettings.Mode mode) {
    this.chain = chain;
    this.mode = mode;
  }

  /** A chain that restores from these records. */
  public static TestChains restoringFrom(List<SinkRecord> stored) {
    return new TestChains(Chain.on(new InMemoryHistory(stored)), RestoreSettings.Mode.TOPIC);
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
    return chain.add(member, Map.of(), settings(mode));
  }

  static RestoreSettings settings(RestoreSettings.Mode mode) {
    return new RestoreSettings(
        mode,
        "",
        Map.of(),
        "Converter",
        Map.of(),
        "${topic}",
        Duration.ofSeconds(1),
        RECENT_RECORDS);
  }
}
