package dev.tributary.transforms;

import static dev.tributary.transforms.Rows.envelope;
import static dev.tributary.transforms.Rows.record;
import static dev.tributary.transforms.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class ZScoreFlagTest {
  private static final Map<String, String> SETTINGS =
      Map.of("key", "user_id", "fields", "amount", "min.samples", "2", "restore", "none");
  private static final String T0 = "2026-11-20T21:00:00Z";

  private static ZScoreFlag<SinkRecord> transform(String... more) {
    ZScoreFlag<SinkRecord> transform = new ZScoreFlag<>();
    transform.configure(Rows.settings(SETTINGS, more));
    return transform;
  }

  private static Struct apply(ZScoreFlag<SinkRecord> transform, Double amount) {
    return (Struct) transform.apply(record(envelope("c", null, row(1, 7L, T0, amount)))).value();
  }

  @Test
  void addsWhatItFoundToTheRow() {
    ZScoreFlag<SinkRecord> transform = transform("z.scores", "true");
    apply(transform, -1.0);
    Struct calm = apply(transform, 1.0);
    assertThat(calm.schema().fields().stream().map(Field::name))
        .containsExactly(
            "id",
            "user_id",
            "ts",
            "amount",
            "is_anomalous",
            "anomalies",
            "total_anomalies",
            "amount_z",
            "__op");
    assertThat(calm.get("is_anomalous")).isEqualTo(false);
    assertThat(calm.getArray("anomalies")).isEmpty();
    assertThat(calm.get("total_anomalies")).isEqualTo(0);
    assertThat(calm.get("amount_z")).isNull();

    Struct wild = apply(transform, 10.0);
    wild.validate();
    assertThat(wild.get("is_anomalous")).isEqualTo(true);
    assertThat(wild.get("total_anomalies")).isEqualTo(1);
    assertThat(wild.get("amount_z")).isEqualTo(10.0);
    List<Struct> anomalies = wild.getArray("anomalies");
    assertThat(anomalies).hasSize(1);
    assertThat(anomalies.get(0).get("feature")).isEqualTo("amount");
    assertThat(anomalies.get(0).get("value")).isEqualTo(10.0);
    assertThat(anomalies.get(0).get("z_score")).isEqualTo(10.0);
    assertThat(anomalies.get(0).get("threshold")).isEqualTo(3.0);
  }

  @Test
  void addsMapsToAMap() {
    ZScoreFlag<SinkRecord> transform = transform();
    Object out = null;
    for (double amount : new double[] {-1, 1, 10}) {
      out = transform.apply(record(Map.of("user_id", "u", "amount", amount))).value();
    }
    assertThat(out)
        .isEqualTo(
            Map.of(
                "user_id",
                "u",
                "amount",
                10.0,
                "is_anomalous",
                true,
                "total_anomalies",
                1,
                "anomalies",
                List.of(
                    Map.of(
                        "feature", "amount", "value", 10.0, "z_score", 10.0, "threshold", 3.0))));
  }

  @Test
  void takesNullAndMissingFieldsAsNoValue() {
    ZScoreFlag<SinkRecord> transform = transform("fields", "amount,nowhere");
    apply(transform, -1.0);
    apply(transform, null);
    Struct out = apply(transform, 1.0);
    assertThat(out.get("is_anomalous")).isEqualTo(false);
    assertThat(apply(transform, 10.0).get("total_anomalies")).isEqualTo(1);
  }

  @Test
  void readsNumbersOfAllKinds() {
    Schema variable =
        SchemaBuilder.struct()
            .name("io.debezium.data.VariableScaleDecimal")
            .field("scale", Schema.INT32_SCHEMA)
            .field("value", Schema.BYTES_SCHEMA)
            .build();
    Struct scaled =
        new Struct(variable).put("scale", 1).put("value", BigInteger.valueOf(100).toByteArray());
    for (Object ten :
        new Object[] {10, 10L, 10f, (short) 10, new BigDecimal("10"), "10.0", scaled}) {
      ZScoreFlag<SinkRecord> transform = transform();
      transform.apply(record(Map.of("user_id", 1, "amount", -1)));
      transform.apply(record(Map.of("user_id", 1, "amount", 1)));
      Map<?, ?> out =
          (Map<?, ?>) transform.apply(record(Map.of("user_id", 1, "amount", ten))).value();
      assertThat(out.get("is_anomalous")).as(ten.getClass().getName()).isEqualTo(true);
    }
  }

  @Test
  void refusesWhatIsNoNumberWithoutQuotingIt() {
    ZScoreFlag<SinkRecord> transform = transform();
    SinkRecord text = record(Map.of("user_id", 1, "amount", "secret"));
    assertThatThrownBy(() -> transform.apply(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topic 't', partition 3")
        .hasMessageContaining("the field 'amount' holds text that is no number")
        .hasMessageNotContaining("secret")
        .hasNoCause();
    SinkRecord bool = record(Map.of("user_id", 1, "amount", true));
    assertThatThrownBy(() -> transform.apply(bool)).hasMessageContaining("a Boolean");
  }

  @Test
  void scoresTheFeaturesOfWindowsBeforeIt() {
    WindowedFeatures<SinkRecord> windows = new WindowedFeatures<>();
    windows.configure(
        Map.of(
            "key", "user_id",
            "event.time", "ts",
            "features", "n = count() over 1m",
            "restore", "none"));
    ZScoreFlag<SinkRecord> scores = transform("fields", "n", "min.samples", "10");
    IsAnomalous<SinkRecord> anomalous = new IsAnomalous<>();
    Object last = null;
    for (int i = 0; i < 40; i++) {
      boolean burst = i >= 30;
      // one event in 40 s, every second time two in a minute; then ten at once
      long at = burst ? 30 * 40L : i * 40L - i % 2 * 15L;
      Map<String, Object> row = new HashMap<>(Map.of("user_id", 1L, "ts", 1_795_208_400 + at));
      SinkRecord out = scores.apply(windows.apply(record(row)));
      last = ((Map<?, ?>) out.value()).get("is_anomalous");
      assertThat(anomalous.test(out)).isEqualTo(last);
      if (!burst) {
        assertThat(last).as("event %s", i).isEqualTo(false);
      }
    }
    assertThat(last).isEqualTo(true);
  }

  @Test
  void standsBesideAnotherWithAPrefix() {
    ZScoreFlag<SinkRecord> ofUsers = transform("z.scores", "true");
    ZScoreFlag<SinkRecord> ofPlaces =
        transform("key", "place", "z.scores", "true", "prefix", "place_");
    Map<?, ?> out = null;
    SinkRecord last = null;
    for (double amount : new double[] {-1, 1, 10}) {
      // the place has other values, too
      ofPlaces.apply(record(Map.of("user_id", 0, "place", "p", "amount", -amount * 10)));
      last = record(Map.of("user_id", 1, "place", "p", "amount", amount));
      last = ofPlaces.apply(ofUsers.apply(last));
      out = (Map<?, ?>) last.value();
    }
    assertThat(out.get("amount_z")).isEqualTo(10.0);
    assertThat((double) out.get("place_amount_z")).isBetween(0.0, 1.0);
    assertThat(out.get("is_anomalous")).isEqualTo(true);
    assertThat(out.get("place_is_anomalous")).isEqualTo(false);
    assertThat(out.get("place_total_anomalies")).isEqualTo(0);
    assertThat((List<?>) out.get("place_anomalies")).isEmpty();
    IsAnomalous<SinkRecord> anomalous = new IsAnomalous<>();
    anomalous.configure(Map.of());
    assertThat(anomalous.test(last)).isTrue();
    anomalous.configure(Map.of("prefix", "place_"));
    assertThat(anomalous.test(last)).isFalse();
  }

  @Test
  void flattensAndDoesNotScoreOtherOperations() {
    ZScoreFlag<SinkRecord> transform = transform();
    Struct out = (Struct) transform.apply(record(envelope("u", null, row(1, 7L, T0, 1.0)))).value();
    assertThat(out.schema().field("is_anomalous")).isNull();
    assertThat(out.get("__op")).isEqualTo("u");
    SinkRecord tombstone = record(null);
    assertThat(transform.apply(tombstone)).isSameAs(tombstone);
    assertThat(new IsAnomalous<SinkRecord>().test(tombstone)).isFalse();
  }

  @Test
  void scoresAgainstAWindowOfTime() {
    ZScoreFlag<SinkRecord> transform =
        transform("window", "10m", "event.time", "ts", "z.scores", "true", "min.samples", "1");
    String[] times = {"20:00", "20:01", "20:09", "20:11"};
    double[] amounts = {-1, 1, 10, 10};
    // the last one is compared with that of 20:09 alone: 20:01 is ten minutes ago
    Double[] expected = {null, null, 10.0, 0.0};
    for (int i = 0; i < times.length; i++) {
      Struct row = row(1, 7L, "2026-11-20T" + times[i] + ":00Z", amounts[i]);
      Struct out = (Struct) transform.apply(record(envelope("c", null, row))).value();
      assertThat(out.get("amount_z")).as(times[i]).isEqualTo(expected[i]);
    }
    Struct row = row(1, 7L, "2026-11-20T20:00:59Z", -1.0);
    Struct late = (Struct) transform.apply(record(envelope("c", null, row))).value();
    assertThat(late.get("amount_z")).as("older than the newest by more than the window").isNull();
  }

  @Test
  void scoresByMedianUnlessAThresholdSaysOtherwise() {
    ZScoreFlag<SinkRecord> transform = transform("method", "robust", "z.scores", "true");
    for (double amount : new double[] {1, 2, 3, 4, 100}) {
      apply(transform, amount);
    }
    Struct out = apply(transform, 10.0);
    assertThat((double) out.get("amount_z")).isCloseTo(0.6745 * 7, within(1e-12));
    List<Struct> anomalies = out.getArray("anomalies");
    assertThat(anomalies.get(0).get("threshold")).isEqualTo(3.5);
  }

  @Test
  void findsALevelThatHasMovedByLittle() {
    ZScoreFlag<SinkRecord> transform = transform("method", "page_hinkley", "min.samples", "30");
    int found = -1;
    for (int i = 0; i < 400 && found < 0; i++) {
      double level = i < 200 ? 0 : 1.5;
      boolean flagged = (boolean) apply(transform, level + Math.sin(i * 2.1)).get("is_anomalous");
      found = flagged ? i : -1;
    }
    assertThat(found).isBetween(203, 220);
  }
}
