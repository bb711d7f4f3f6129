package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.chain.Seat;
import dev.tributary.transforms.chain.TestChains;
import dev.tributary.transforms.features.FeatureState;
import dev.tributary.transforms.sequence.Sequences;
import dev.tributary.transforms.zscore.ZScores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Whatever happens to a task, a record comes out as if nothing had: random crashes, rewinds,
 * rebalances away and back, with late and broken records and updates in between.
 */
class RestoreOracleTest {
  private static final int PARTITIONS = 2;
  private static final List<Path> FOLDERS = new ArrayList<>();

  /** One task: the seats of its transforms. */
  private record Task(List<Seat<?>> seats) {
    Object apply(SinkRecord record) {
      SinkRecord at = record;
      try {
        for (Seat<?> seat : seats) {
          if (at != null) {
            at = seat.apply(at);
          }
        }
      } catch (DataException e) {
        return "refused";
      }
      return at == null ? "dropped" : at.value();
    }
  }

  @Property(tries = 150)
  void windowsAndScoresInOneChain(@ForAll Random random) {
    run(
        random,
        chain ->
            new Task(
                List.of(
                    chain.add(windows("n = count() over 5s, all_n = count() over all", "drop")),
                    chain.add(scores("amount,n")))));
  }

  @Property(tries = 80)
  void scoresInWindowsOfTime(@ForAll Random random) {
    String method = random.nextBoolean() ? "robust" : "zscore";
    run(
        random,
        chain ->
            new Task(
                List.of(
                    chain.add(
                        ZScoreFlag.logic(
                            new ZScoreFlagConfig(
                                Map.of(
                                    "key", "user",
                                    "fields", "amount",
                                    "event.time", "ts",
                                    "window", "5s",
                                    "grace", "3s",
                                    "max.future", "4s",
                                    "method", method,
                                    "min.samples", "2",
                                    "z.scores", "true",
                                    "restore", "none")))))));
  }

  @Property(tries = 80)
  void scoresOfFewKeys(@ForAll Random random) {
    String window = random.nextBoolean() ? "7" : "5s";
    run(
        random,
        chain ->
            new Task(
                List.of(
                    chain.add(
                        ZScoreFlag.logic(
                            new ZScoreFlagConfig(
                                Map.of(
                                    "key", "user",
                                    "fields", "amount",
                                    "event.time", "ts",
                                    "window", window,
                                    "max.future", "4s",
                                    "min.samples", "2",
                                    "max.keys", "2",
                                    "z.scores", "true",
                                    "restore", "none")))))));
  }

  @Property(tries = 150)
  void windowsAlone(@ForAll Random random) {
    run(
        random,
        chain ->
            new Task(
                List.of(chain.add(windows("a = count() over 1s, b = count() over 5s", "pass")))));
  }

  @Property(tries = 60)
  void sumsPercentilesAndSessions(@ForAll Random random) {
    run(
        random,
        chain ->
            new Task(
                List.of(
                    chain.add(
                        windows(
                            "a = sum(amount) over 3s, b = stddev(amount) over 5s where amount > 2,"
                                + " c = percentile(amount, 50) over tumbling 2s, d = count() over"
                                + " session 2s, e = decayed_sum(amount, 1s), f ="
                                + " seconds_since_last(), g = last_n(amount, 2) over 4s exclusive",
                            "flag")))));
  }

  @Property(tries = 50)
  void windowsTwice(@ForAll Random random) {
    run(
        random,
        chain ->
            new Task(
                List.of(
                    chain.add(windows("a = count() over 2s", "drop")),
                    chain.add(windows("b = count() over 3s", "flag")))));
  }

  @Property(tries = 80)
  void sequencesAlone(@ForAll Random random) {
    run(
        random,
        chain ->
            new Task(
                List.of(
                    chain.add(
                        sequences(
                            "p = a: amount < 4 then b: amount > 8 within 3s, q = a 2 times in a"
                                + " row: amount > 3 next c: amount is null within 4s")))));
  }

  @Property(tries = 80)
  void sequencesOfScoresAndWindows(@ForAll Random random) {
    String late = random.nextBoolean() ? "drop" : "flag";
    run(
        random,
        chain ->
            new Task(
                List.of(
                    chain.add(windows("n = count() over 3s", late)),
                    chain.add(scores("amount,n")),
                    chain.add(
                        sequences(
                            "p = odd: is_anomalous then many: n > 2 within 4s,"
                                + " q = high: amount_z > 0.5 next low: amount_z < 0 within 2s")))));
  }

  private static EventLogic<Sequences> sequences(String patterns) {
    return SequenceFlag.logic(
        new SequenceFlagConfig(
            Map.of(
                "key", "user",
                "event.time", "ts",
                "patterns", patterns,
                "grace", "2s",
                "max.future", "4s",
                "max.events", "5",
                "max.keys", "3",
                "restore", "none")));
  }

  private static EventLogic<FeatureState> windows(String features, String late) {
    return WindowedFeatures.logic(
        new WindowedFeaturesConfig(
            Map.of(
                "key", "user",
                "event.time", "ts",
                "features", features,
                "tile", "100ms",
                "grace", "2s",
                "max.future", "4s",
                "late", late,
                "restore", "none")));
  }

  private static EventLogic<ZScores> scores(String fields) {
    return ZScoreFlag.logic(
        new ZScoreFlagConfig(
            Map.of(
                "key", "user",
                "fields", fields,
                "window", "7",
                "min.samples", "3",
                "threshold", "1.5",
                "z.scores", "true",
                "restore", "none")));
  }

  private static void run(Random random, Function<TestChains, Task> transforms) {
    Path snapshots = random.nextInt(4) == 0 ? newFolder() : null;
    List<SinkRecord> stored = topic(random);
    List<List<SinkRecord>> partitions = new ArrayList<>();
    for (int p = 0; p < PARTITIONS; p++) {
      int partition = p;
      partitions.add(stored.stream().filter(r -> r.kafkaPartition() == partition).toList());
    }
    Map<SinkRecord, Object> expected = new HashMap<>();
    Task undisturbed = transforms.apply(TestChains.withoutRestore());
    stored.forEach(record -> expected.put(record, undisturbed.apply(record)));

    Task task = transforms.apply(chain(stored, snapshots));
    int[] next = new int[PARTITIONS];
    for (int step = 0; step < 60; step++) {
      int p = random.nextInt(PARTITIONS);
      List<SinkRecord> partition = partitions.get(p);
      switch (random.nextInt(8)) {
        case 0 -> {
          if (random.nextBoolean()) {
            task.seats.get(0).close(); // in good order
          }
          damage(snapshots, random);
          task = transforms.apply(chain(stored, snapshots));
          for (int i = 0; i < PARTITIONS; i++) {
            next[i] = random.nextInt(next[i] + 1);
          }
        }
        case 1 -> next[p] = random.nextInt(next[p] + 1);
        case 2 -> next[p] = Math.min(partition.size(), next[p] + random.nextInt(30));
        default -> {
          for (int i = random.nextInt(20); i > 0 && next[p] < partition.size(); i--) {
            SinkRecord record = partition.get(next[p]++);
            assertThat(task.apply(copy(record)))
                .as("step %s, partition %s, offset %s", step, p, record.kafkaOffset())
                .isEqualTo(expected.get(record));
          }
        }
      }
    }
  }

  private static TestChains chain(List<SinkRecord> stored, Path snapshots) {
    return snapshots == null
        ? TestChains.restoringFrom(stored)
        : TestChains.restoringFrom(stored, snapshots);
  }

  private static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("snapshots");
      FOLDERS.add(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterContainer
  static void deleteFolders() throws IOException {
    for (Path folder : FOLDERS) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    FOLDERS.clear();
  }

  /** Some snapshots are lost, torn or changed. */
  private static void damage(Path snapshots, Random random) {
    if (snapshots == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(snapshots)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        switch (bytes.length == 0 ? 0 : random.nextInt(6)) {
          case 0 -> Files.delete(file);
          case 1 -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
          case 2 -> {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
          }
          default -> {}
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<SinkRecord> topic(Random random) {
    List<SinkRecord> stored = new ArrayList<>();
    long[] offsets = new long[PARTITIONS];
    long now = 1_700_000_000_000L;
    for (int i = 0; i < 250; i++) {
      now += random.nextInt(20) == 0 ? 120_000 : random.nextInt(600);
      int p = random.nextInt(PARTITIONS);
      offsets[p] += 1 + (random.nextInt(5) == 0 ? random.nextInt(3) : 0);
      stored.add(
          new SinkRecord(
              "t",
              p,
              null,
              null,
              null,
              value(random, now, p),
              offsets[p],
              now,
              TimestampType.CREATE_TIME));
    }
    return stored;
  }

  private static Object value(Random random, long now, int partition) {
    Map<String, Object> row = new LinkedHashMap<>();
    if (random.nextInt(40) > 0) {
      row.put("user", "p" + partition + "-" + random.nextInt(4));
    }
    row.put("ts", random.nextInt(3) == 0 ? now + random.nextInt(14_500) - 9_000 : now);
    row.put("amount", random.nextInt(9) == 0 ? null : random.nextInt(100) / 8.0);
    if (random.nextInt(10) > 0) {
      return row;
    }
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("op", random.nextBoolean() ? "u" : "c");
    envelope.put("after", row);
    return envelope;
  }

  private static SinkRecord copy(SinkRecord r) {
    return new SinkRecord(
        r.topic(),
        r.kafkaPartition(),
        null,
        null,
        null,
        r.value(),
        r.kafkaOffset(),
        r.timestamp(),
        r.timestampType());
  }
}
