package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.BatchQueue.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Transactions of any sizes, polled in any rhythm: what is cut where. */
class OutboxTest {
  private static final int MAX_BATCH = 7;
  private static final Duration NONE = Duration.ZERO;

  private final BatchQueue queue = new BatchQueue(1000, Long.MAX_VALUE);
  private final Outbox outbox = new Outbox(queue, MAX_BATCH, Long.MAX_VALUE);

  /** A record of a transaction; its topic says of which, its key where in it. */
  private static SourceRecord record(int transaction, int index) {
    return new SourceRecord(Map.of(), Map.of(), "tx" + transaction, null, index, null, null);
  }

  @Property(tries = 300)
  void cutsOnlyTransactionsThatAreLargerThanABatch(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 20) Integer> sizes,
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 5) Integer> idleAfter)
      throws Exception {
    List<SourceRecord> given = new ArrayList<>();
    List<Batch> polled = new ArrayList<>();
    int step = 0;
    for (int t = 0; t < sizes.size(); t++) {
      outbox.transaction(true);
      for (int i = 0; i < sizes.get(t); i++) {
        given.add(record(t, i));
        outbox.add(given.get(given.size() - 1), 10);
        flushIfDue();
        if (idleAfter.get(step++ % idleAfter.size()) == 0) {
          outbox.flush(() -> {}); // nothing to read for the moment
          drain(polled);
        }
      }
      outbox.transaction(false);
      flushIfDue();
    }
    outbox.flush(() -> {});
    drain(polled);

    assertThat(polled.stream().flatMap(batch -> batch.records().stream())).isEqualTo(given);
    int sent = 0;
    boolean complete = true;
    for (Batch batch : polled) {
      sent += batch.records().size();
      boolean atEnd =
          sent == given.size() || !given.get(sent).topic().equals(given.get(sent - 1).topic());
      if (batch.complete()) {
        assertThat(atEnd).as("complete at an end").isTrue();
      } else {
        String topic = given.get(sent - 1).topic();
        int size = sizes.get(Integer.parseInt(topic.substring(2)));
        assertThat(size).as("rows of a transaction that is cut").isGreaterThanOrEqualTo(MAX_BATCH);
        assertThat(complete && !batch.records().get(0).topic().equals(topic))
            .as("whole transactions wait for the one that is cut")
            .isFalse();
      }
      complete = batch.complete();
    }
    assertThat(complete).as("the end is told").isTrue();
  }

  private void flushIfDue() throws Exception {
    if (outbox.isDue()) {
      outbox.flush(() -> {});
    }
  }

  private void drain(List<Batch> into) throws Exception {
    for (Batch batch = queue.poll(MAX_BATCH, NONE);
        batch != null;
        batch = queue.poll(MAX_BATCH, NONE)) {
      into.add(batch);
    }
  }

  @Test
  void aPollTakesAQuarterOfTheBytesThatMayWait() throws Exception {
    BatchQueue small = new BatchQueue(1000, 400);
    for (int bytes : new int[] {60, 40, 60, 150}) {
      assertThat(small.offer(new Batch(List.of(record(1, bytes)), bytes, true), NONE)).isTrue();
    }
    assertThat(small.poll(1000, NONE).bytes()).isEqualTo(100);
    assertThat(small.poll(1000, NONE).bytes()).isEqualTo(60);
    assertThat(small.poll(1000, NONE).bytes()).as("at least one").isEqualTo(150);
  }

  @Test
  void tellsTheEndOfATransactionWhoseLastChangesAreFilteredOut() throws Exception {
    outbox.transaction(true);
    for (int i = 0; i < MAX_BATCH; i++) {
      outbox.add(record(0, i), 10);
    }
    flushIfDue();
    outbox.transaction(false);
    flushIfDue();
    List<Batch> polled = new ArrayList<>();
    polled.add(queue.poll(1, NONE));
    assertThat(polled.get(0).complete()).isFalse();
    drain(polled);
    assertThat(polled.get(1)).isEqualTo(new Batch(List.of(), 0, true));
  }

  @Test
  void handsOnEachTransactionAtOnceAndAPollTakesAllOfThem() throws Exception {
    for (int t = 0; t < 3; t++) {
      outbox.transaction(true);
      outbox.add(record(t, 0), 10);
      assertThat(outbox.isDue()).isFalse();
      outbox.transaction(false);
      assertThat(outbox.isDue()).isTrue();
      outbox.flush(() -> {});
      assertThat(outbox.isDue()).isFalse();
    }
    assertThat(queue.poll(100, NONE).records()).hasSize(3);
  }

  @Test
  void readsATransactionAgainThatTheSessionBrokeOffIn() throws Exception {
    outbox.transaction(false);
    outbox.add(record(0, 0), 10);
    outbox.transaction(true);
    outbox.add(record(1, 0), 10);
    assertThat(outbox.breakOff()).isTrue();
    outbox.flushAll();
    assertThat(queue.poll(100, NONE).records()).hasSize(1);
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void goesOnWithATransactionOfWhichAPartIsHandedOn() throws Exception {
    outbox.transaction(true);
    IntStream.range(0, MAX_BATCH).forEach(i -> outbox.add(record(0, i), 10));
    flushIfDue();
    outbox.add(record(0, MAX_BATCH), 10);
    assertThat(outbox.breakOff()).isFalse();
    outbox.flushAll();
    outbox.resumeTransaction();
    outbox.add(record(0, MAX_BATCH + 1), 10);
    outbox.transaction(false);
    outbox.flushAll();
    Batch all = queue.poll(100, NONE);
    assertThat(all.records()).hasSize(MAX_BATCH + 2);
    assertThat(all.complete()).isTrue();
  }
}
