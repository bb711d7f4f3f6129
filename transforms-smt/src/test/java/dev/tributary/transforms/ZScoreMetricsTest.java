package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class ZScoreMetricsTest {
  private static final String NAME = "tributary.transforms:type=z-score-flag-metrics,fields=amount";

  private static long read(String attribute) throws JMException {
    return (long)
        ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(NAME), attribute);
  }

  private static SinkRecord event(long user, int minute) {
    return Rows.record(Rows.row(1, user, "2026-11-20T21:%02d:00Z".formatted(minute), 1.0));
  }

  @Test
  void showsWhatIsHeldAndWhatBecameOfEvents() throws JMException {
    ZScoreFlag<SinkRecord> transform = new ZScoreFlag<>();
    transform.configure(
        Map.of(
            "key", "user_id",
            "event.time", "ts",
            "fields", "amount",
            "window", "20m",
            "grace", "5m",
            "max.keys", "2",
            "restore", "none"));
    SinkRecord first = event(1, 20);
    transform.apply(first);
    assertThat(read("Keys")).isEqualTo(1);
    long bytes = read("Bytes");
    assertThat(bytes).isPositive();
    transform.apply(event(2, 21));
    assertThat(read("Keys")).isEqualTo(2);
    assertThat(read("Bytes")).isGreaterThan(bytes);
    assertThat(read("Replayed")).isZero();
    transform.apply(first);
    assertThat(read("Replayed")).isEqualTo(1);
    assertThat(read("Evicted")).isZero();
    transform.apply(event(3, 22));
    assertThat(read("Evicted")).isEqualTo(1);
    assertThat(read("Keys")).isEqualTo(2);
    assertThat(read("Late")).isZero();
    transform.apply(event(3, 16));
    assertThat(read("Late")).isEqualTo(1);
    assertThat(read("MisplacedKeys")).isZero();
    SinkRecord moved = event(3, 23);
    transform.apply(
        new SinkRecord(
            "t", 4, null, null, moved.valueSchema(), moved.value(), moved.kafkaOffset()));
    assertThat(read("MisplacedKeys")).isEqualTo(1);
    assertThat(read("Keys")).as("of both partitions").isEqualTo(3);
    transform.apply(event(4, 59));
    assertThat(read("Keys")).as("of the first the windows have passed").isEqualTo(2);
    transform.close();
    assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName(NAME), null))
        .isEmpty();
  }
}
