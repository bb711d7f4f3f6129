package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.chain.Seat;
import dev.tributary.transforms.chain.TestChains;
import dev.tributary.transforms.features.FeatureState;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class FeatureMetricsTest {
  private static final String T0 = "2026-11-20T21:00:00Z";
  private static final String LATER = "2026-11-20T21:05:00Z";

  private static EventLogic<FeatureState> logic(String feature) {
    return WindowedFeatures.logic(
        new WindowedFeaturesConfig(
            Map.of(
                "key", "user_id",
                "event.time", "ts",
                "features", feature + " = count() over 1m",
                "max.keys", "2",
                "restore", "none")));
  }

  private static long read(String feature, String attribute) throws JMException {
    return (long)
        ManagementFactory.getPlatformMBeanServer()
            .getAttribute(
                new ObjectName(
                    "tributary.transforms:type=windowed-features-metrics,features=" + feature),
                attribute);
  }

  @Test
  void showsWhatIsHeldLateAndForgotten() throws JMException {
    try (EventLogic<FeatureState> logic = logic("held")) {
      Seat<FeatureState> seat = TestChains.withoutRestore().add(logic);
      seat.apply(Rows.record(Rows.row(1, 1L, T0, 1.0)));
      assertThat(read("held", "Keys")).isEqualTo(1);
      long bytes = read("held", "Bytes");
      assertThat(bytes).isPositive();
      seat.apply(Rows.record(Rows.row(2, 2L, T0, 1.0)));
      assertThat(read("held", "Keys")).isEqualTo(2);
      assertThat(read("held", "Bytes")).isGreaterThan(bytes);
      assertThat(read("held", "Evicted")).isZero();
      seat.apply(Rows.record(Rows.row(3, 3L, T0, 1.0)));
      assertThat(read("held", "Keys")).isEqualTo(2);
      assertThat(read("held", "Evicted")).isEqualTo(1);
      seat.apply(Rows.record(Rows.row(4, 3L, LATER, 1.0)));
      assertThat(read("held", "Late")).isZero();
      seat.apply(Rows.record(Rows.row(5, 3L, T0, 1.0)));
      assertThat(read("held", "Late")).isEqualTo(1);
    }
  }

  @Test
  void countsKeysInTwoPartitions() throws JMException {
    try (EventLogic<FeatureState> logic = logic("placed")) {
      Seat<FeatureState> seat = TestChains.withoutRestore().add(logic);
      SinkRecord one = Rows.record(Rows.row(1, 1L, T0, 1.0));
      seat.apply(one);
      assertThat(read("placed", "MisplacedKeys")).isZero();
      seat.apply(
          new SinkRecord("t", 4, null, null, one.valueSchema(), one.value(), one.kafkaOffset()));
      assertThat(read("placed", "MisplacedKeys")).isEqualTo(1);
    }
  }

  @Test
  void countsWhatComesAgainWithoutRestore() throws JMException {
    try (EventLogic<FeatureState> logic = logic("again")) {
      Seat<FeatureState> seat = TestChains.withoutRestore().add(logic);
      countsOneReplay("again", seat, Rows.record(Rows.row(1, 1L, T0, 1.0)));
    }
  }

  @Test
  void countsWhatComesAgainAndIsAnsweredFromTheLatestResults() throws JMException {
    try (EventLogic<FeatureState> logic = logic("recent")) {
      SinkRecord record = Rows.record(Rows.row(1, 1L, T0, 1.0));
      Seat<FeatureState> seat =
          TestChains.restoringFrom(new ArrayList<>(List.of(record))).add(logic);
      countsOneReplay("recent", seat, record);
    }
  }

  private static void countsOneReplay(String feature, Seat<FeatureState> seat, SinkRecord record)
      throws JMException {
    seat.apply(record);
    assertThat(read(feature, "Replayed")).isZero();
    seat.apply(record);
    assertThat(read(feature, "Replayed")).isEqualTo(1);
    assertThat(read(feature, "Keys")).isEqualTo(1);
  }
}
