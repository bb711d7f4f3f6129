package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.chain.Seat;
import dev.tributary.transforms.chain.TestChains;
import dev.tributary.transforms.sequence.Sequences;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class SequenceMetricsTest {
  private static final String NAME =
      "tributary.transforms:type=sequence-flag-metrics,patterns=counted";

  private static long read(String attribute) throws JMException {
    return (long)
        ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(NAME), attribute);
  }

  private static SinkRecord event(long user, int second) {
    return Rows.record(Rows.row(1, user, "2026-11-20T21:00:%02dZ".formatted(second), 1.0));
  }

  @Test
  void showsWhatIsHeldAndWhatBecameOfEvents() throws JMException {
    try (EventLogic<Sequences> logic =
        SequenceFlag.logic(
            new SequenceFlagConfig(
                Map.of(
                    "key", "user_id",
                    "event.time", "ts",
                    "patterns", "counted = a: amount > 0 then b: amount > 1 within 30s",
                    "max.keys", "2",
                    "max.events", "2",
                    "restore", "none")))) {
      Seat<Sequences> seat = TestChains.withoutRestore().add(logic);
      seat.apply(event(1, 20));
      SinkRecord last = event(1, 21);
      seat.apply(last);
      assertThat(read("Keys")).isEqualTo(1);
      assertThat(read("Events")).isEqualTo(2);
      assertThat(read("Dropped")).isZero();
      seat.apply(event(1, 22));
      assertThat(read("Events")).isEqualTo(2);
      seat.apply(event(1, 19));
      assertThat(read("Dropped")).isEqualTo(1);
      assertThat(read("Late")).isZero();
      seat.apply(event(2, 55));
      seat.apply(event(2, 24));
      assertThat(read("Late")).isEqualTo(1);
      assertThat(read("Replayed")).isZero();
      seat.apply(last);
      assertThat(read("Replayed")).isEqualTo(1);
      assertThat(read("Evicted")).isZero();
      seat.apply(event(3, 56));
      assertThat(read("Evicted")).isEqualTo(1);
      assertThat(read("Keys")).isEqualTo(2);
      assertThat(read("MisplacedKeys")).isZero();
      SinkRecord moved = event(3, 57);
      seat.apply(
          new SinkRecord(
              "t", 4, null, null, moved.valueSchema(), moved.value(), moved.kafkaOffset()));
      assertThat(read("MisplacedKeys")).isEqualTo(1);
    }
    assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(objectName(), null)).isEmpty();
  }

  private static ObjectName objectName() throws JMException {
    return new ObjectName(NAME);
  }
}
