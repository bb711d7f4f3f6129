package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.transforms.chain.ChainError;
import dev.tributary.transforms.chain.Seat;
import dev.tributary.transforms.chain.TestChains;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** A source task that starts again goes on as if it had not stopped, from what it has written. */
class SourceRestoreOracleTest {

  private record Task(List<Seat<?>> seats, UnaryOperator<SourceRecord> between) {
    SourceRecord apply(SourceRecord record) {
      SourceRecord at = record;
      for (Seat<?> seat : seats) {
        at = at == null ? null : seat.apply(at);
        at = at == null ? null : between.apply(at);
      }
      return at;
    }
  }

  @Property(tries = 150)
  void goesOnAsIfItHadNotStopped(@ForAll Random random) {
    List<SourceRecord> input = input(random);
    boolean inserts = random.nextBoolean();
    Task undisturbed = task(TestChains.withoutRestore(), inserts);
    List<SourceRecord> written = new ArrayList<>();
    Task task = task(TestChains.writing(written), inserts);
    for (SourceRecord record : input) {
      if (random.nextInt(25) == 0) {
        List<SourceRecord> topic = new ArrayList<>(written);
        Collections.shuffle(topic, random); // as partitions lie beside each other
        task = task(TestChains.writing(topic), inserts);
      }
      Object expected = outcome(undisturbed, record);
      try {
        SourceRecord made = task.apply(record);
        assertThat(made == null ? null : made.value()).isEqualTo(expected);
        if (made != null) {
          written.add(made);
        }
      } catch (DataException e) {
        assertThat(expected).isEqualTo("refused");
      }
    }
  }

  private static Object outcome(Task task, SourceRecord record) {
    try {
      SourceRecord made = task.apply(record);
      return made == null ? null : made.value();
    } catch (DataException e) {
      return "refused";
    }
  }

  /** Somebody else's transform in between that leaves alone what others read. */
  private static SourceRecord insert(SourceRecord record) {
    Map<Object, Object> value = new LinkedHashMap<>((Map<?, ?>) record.value());
    value.put("source", "here");
    return with(record, value);
  }

  private static SourceRecord with(SourceRecord r, Map<?, ?> value) {
    return r.newRecord(
        r.topic(), r.kafkaPartition(), null, null, null, value, r.timestamp(), r.headers());
  }

  private static Task task(TestChains chain, boolean inserts) {
    return new Task(
        List.of(
            chain.add(
                WindowedFeatures.logic(
                    new WindowedFeaturesConfig(
                        Map.of(
                            "key", "user",
                            "event.time", "ts",
                            "features", "n = count() over 5s, all_n = count() over all",
                            "tile", "100ms",
                            "late", "flag",
                            "restore", "none")))),
            chain.add(
                ZScoreFlag.logic(
                    new ZScoreFlagConfig(
                        Map.of(
                            "key", "user",
                            "fields", "amount,n",
                            "window", "7",
                            "min.samples", "3",
                            "z.scores", "true",
                            "restore", "none")))),
            chain.add(
                SequenceFlag.logic(
                    new SequenceFlagConfig(
                        Map.of(
                            "key", "user",
                            "event.time", "ts",
                            "patterns",
                                "p = odd: amount_z > 0.5 then many: n > 2 within 4s,"
                                    + " q = low: amount < 6 next high: amount > 6 within 2s",
                            "restore", "none"))))),
        inserts ? SourceRestoreOracleTest::insert : UnaryOperator.identity());
  }

  private static List<SourceRecord> input(Random random) {
    List<SourceRecord> records = new ArrayList<>();
    long now = 1_700_000_000_000L;
    for (int i = 0; i < 200; i++) {
      now += random.nextInt(700);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("user", "u" + random.nextInt(4));
      row.put("ts", random.nextInt(4) == 0 ? now - random.nextInt(9_000) : now);
      row.put("amount", random.nextInt(9) == 0 ? null : random.nextInt(100) / 8.0);
      String topic = random.nextInt(3) == 0 ? "a" : "b";
      records.add(
          new SourceRecord(Map.of(), Map.of("at", i), topic, null, null, null, null, row, now));
    }
    return records;
  }

  @Test
  void refusesWhenSomethingBehindItChangesWhatItReads() {
    List<SourceRecord> written = new ArrayList<>();
    Task task = task(TestChains.writing(List.of()), false);
    for (SourceRecord record : input(new Random(5))) {
      written.add(task.apply(record));
    }
    written.replaceAll(
        record -> {
          Map<Object, Object> value = new LinkedHashMap<>((Map<?, ?>) record.value());
          value.remove("amount");
          return with(record, value);
        });
    Task next = task(TestChains.writing(written), false);
    SourceRecord record = input(new Random(6)).get(0);
    assertThatThrownBy(() -> next.apply(record))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("ZScoreFlag (amount, ...) does not find in the topic what it read")
        .hasMessageContaining("restore.value.converter");
  }

  @Test
  void takesInWhatWasWrittenBeforeItWasAskedTo() {
    List<SourceRecord> input = input(new Random(7));
    Task before = task(TestChains.withoutRestore(), false);
    List<SourceRecord> written = new ArrayList<>();
    input.subList(0, 100).forEach(record -> written.add(before.apply(record)));
    Task after = task(TestChains.writing(written), false);
    for (SourceRecord record : input.subList(100, 200)) {
      assertThat(after.apply(record).value()).isEqualTo(before.apply(record).value());
    }
  }
}
