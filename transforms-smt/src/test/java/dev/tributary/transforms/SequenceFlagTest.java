package dev.tributary.transforms;

import static dev.tributary.transforms.Rows.envelope;
import static dev.tributary.transforms.Rows.record;
import static dev.tributary.transforms.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;

class SequenceFlagTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "key", "user_id",
          "event.time", "ts",
          "patterns",
              "card_testing = small: amount < 10 then large: amount > 1000 within 10m,"
                  + " doubled = any: amount > 0 next more: amount > 1000 within 1h",
          "restore", "none");

  private static SequenceFlag<SinkRecord> transform(String... more) {
    SequenceFlag<SinkRecord> transform = new SequenceFlag<>();
    transform.configure(Rows.settings(SETTINGS, more));
    return transform;
  }

  private static String time(int minute) {
    return "2026-11-20T21:%02d:00Z".formatted(minute);
  }

  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  private static Date date(int minute) {
    return new Date(1_795_208_400_000L + minute * 60_000L);
  }

  private static Struct apply(SequenceFlag<SinkRecord> transform, int minute, Double amount) {
    Struct value = envelope("c", null, row(1, 7L, time(minute), amount));
    return (Struct) transform.apply(record(value)).value();
  }

  @Test
  void addsWhatItFoundToTheRow() {
    SequenceFlag<SinkRecord> transform = transform();
    Struct calm = apply(transform, 0, 5.0);
    assertThat(calm.schema().fields().stream().map(Field::name))
        .containsExactly(
            "id", "user_id", "ts", "amount", "is_sequence", "sequences", "total_sequences", "__op");
    assertThat(calm.get("is_sequence")).isEqualTo(false);
    assertThat(calm.getArray("sequences")).isEmpty();
    assertThat(calm.get("total_sequences")).isEqualTo(0);

    apply(transform, 1, null);
    Struct found = apply(transform, 2, 5000.0);
    found.validate();
    assertThat(found.get("is_sequence")).isEqualTo(true);
    assertThat(found.get("total_sequences")).isEqualTo(1);
    List<Struct> sequences = found.getArray("sequences");
    assertThat(sequences).hasSize(1);
    assertThat(sequences.get(0).get("pattern")).isEqualTo("card_testing");
    assertThat(sequences.get(0).getArray("events")).isEqualTo(List.of("small", "large"));
    assertThat(sequences.get(0).getArray("times")).isEqualTo(List.of(date(0), date(2)));

    List<Struct> both = apply(transform, 3, 5000.0).getArray("sequences");
    assertThat(both).extracting(s -> s.get("pattern")).containsExactly("card_testing", "doubled");
    assertThat(both.get(1).getArray("times")).isEqualTo(List.of(date(2), date(3)));
    transform.close();
  }

  @Test
  void addsMapsToAMap() {
    SequenceFlag<SinkRecord> transform = transform();
    Object out = null;
    for (int i = 0; i < 2; i++) {
      Map<String, Object> row = Map.of("user_id", "u", "ts", 1_000 + i, "amount", 5 + i * 1_000);
      out = transform.apply(record(row)).value();
    }
    assertThat(out)
        .isEqualTo(
            Map.of(
                "user_id",
                "u",
                "ts",
                1_001,
                "amount",
                1_005,
                "is_sequence",
                true,
                "total_sequences",
                2,
                "sequences",
                List.of(
                    Map.of(
                        "pattern", "card_testing",
                        "events", List.of("small", "large"),
                        "times", List.of(1_000_000L, 1_001_000L)),
                    Map.of(
                        "pattern", "doubled",
                        "events", List.of("any", "more"),
                        "times", List.of(1_000_000L, 1_001_000L)))));
    transform.close();
  }

  @Test
  void looksAtTheOperationsThatItIsToldTo() {
    Map<String, String> settings =
        Map.of(
            "key", "user_id",
            "event.time", "ts",
            "operations", "c,u,d",
            "patterns", "p = made: op = 'c' next gone: op = 'd' within 10m",
            "restore", "none");
    SequenceFlag<SinkRecord> transform = new SequenceFlag<>();
    transform.configure(settings);
    Object[] found = new Object[5];
    String[] operations = {"c", "r", "d", "u", "d"};
    for (int i = 0; i < operations.length; i++) {
      Struct row = row(1, 7L, time(i), 1.0);
      boolean delete = operations[i].equals("d");
      Struct value = envelope(operations[i], delete ? row : null, delete ? null : row);
      Struct out = (Struct) transform.apply(record(value)).value();
      found[i] = out.schema().field("is_sequence") == null ? null : out.get("is_sequence");
    }
    assertThat(found).containsExactly(false, null, true, false, false);
    SinkRecord tombstone = record(null);
    assertThat(transform.apply(tombstone)).isSameAs(tombstone);
    transform.close();
  }

  @Test
  void keepsKeysApartAlsoIfTheyAreOfSeveralFields() {
    SequenceFlag<SinkRecord> transform = transform("key", "user_id,id");
    Object[][] events = {{1L, 7L, 5.0}, {2L, 7L, 5000.0}, {1L, 8L, 5000.0}, {1L, 7L, 5000.0}};
    boolean[] expected = {false, false, false, true};
    for (int i = 0; i < events.length; i++) {
      Struct row = row((long) events[i][0], (Long) events[i][1], time(i), (Double) events[i][2]);
      Struct out = (Struct) transform.apply(record(row)).value();
      assertThat(out.get("is_sequence")).as("event %s", i).isEqualTo(expected[i]);
    }
    transform.close();
  }

  @Test
  void comparesDecimalsExactly() {
    Schema schema =
        SchemaBuilder.struct()
            .field("user_id", Schema.INT64_SCHEMA)
            .field("ts", Schema.INT64_SCHEMA)
            .field("amount", Decimal.schema(2))
            .build();
    SequenceFlag<SinkRecord> transform =
        transform("patterns", "p = a: amount = 0.10 then b: amount > 0.10 within 1m");
    Boolean[] found = new Boolean[3];
    String[] amounts = {"0.10", "0.10", "0.11"};
    for (int i = 0; i < amounts.length; i++) {
      Struct row =
          new Struct(schema)
              .put("user_id", 7L)
              .put("ts", 1_795_208_400L + i)
              .put("amount", new BigDecimal(amounts[i]));
      found[i] = ((Struct) transform.apply(record(row)).value()).getBoolean("is_sequence");
    }
    assertThat(found).containsExactly(false, false, true);
    transform.close();
  }

  @Test
  void refusesAnEventWithoutKeyOrTime() {
    SequenceFlag<SinkRecord> transform = transform();
    SinkRecord noKey = record(row(1, null, time(0), 5.0));
    assertThatThrownBy(() -> transform.apply(noKey))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topic 't', partition 3")
        .hasMessageContaining("'user_id' is null");
    SinkRecord noTime = record(row(1, 7L, "secret", 5.0));
    assertThatThrownBy(() -> transform.apply(noTime))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'ts' is unreadable")
        .hasMessageNotContaining("secret");
    SequenceFlag<SinkRecord> passing = transform("missing.key", "pass");
    assertThat(((Struct) passing.apply(noKey).value()).schema().field("is_sequence")).isNull();
    transform.close();
    passing.close();
  }

  @Test
  void tellsWhatComesAgainWithoutRestoreToo() {
    SequenceFlag<SinkRecord> transform = transform();
    apply(transform, 0, 5.0);
    SinkRecord record = record(envelope("c", null, row(1, 7L, time(2), 5000.0)));
    Object first = transform.apply(record).value();
    assertThat(((Struct) first).get("total_sequences")).isEqualTo(2);
    apply(transform, 3, 5000.0);
    assertThat(transform.apply(record).value()).isEqualTo(first);
    transform.close();
  }

  @Test
  void readsTheFieldsOfTransformsBeforeItAndStandsBesideAnother() {
    WindowedFeatures<SinkRecord> windows = new WindowedFeatures<>();
    windows.configure(
        Map.of(
            "key", "user_id",
            "event.time", "ts",
            "features", "n = count() over 1m",
            "restore", "none"));
    ZScoreFlag<SinkRecord> scores = new ZScoreFlag<>();
    scores.configure(
        Map.of("key", "user_id", "fields", "amount", "min.samples", "3", "restore", "none"));
    SequenceFlag<SinkRecord> bursts =
        transform(
            "patterns",
            "burst = odd: is_anomalous then many: n >= 3 and not is_anomalous within 5m",
            "prefix",
            "user_");
    SequenceFlag<SinkRecord> places =
        transform("key", "place", "patterns", "p = x: user_is_sequence then y: n = 1 within 9m");
    List<Transformation<SinkRecord>> chain = List.of(windows, scores, bursts, places);
    double[] amounts = {1, 2, 3, 500, 2, 3, 3, 2};
    int[] seconds = {0, 60, 120, 180, 190, 200, 201, 300};
    StringBuilder found = new StringBuilder();
    for (int i = 0; i < amounts.length; i++) {
      Map<String, Object> row = new HashMap<>();
      row.put("user_id", 1);
      row.put("place", "here");
      row.put("ts", 1_795_208_400 + seconds[i]);
      row.put("amount", amounts[i]);
      SinkRecord out = record(row);
      for (Transformation<SinkRecord> transform : chain) {
        out = transform.apply(out);
      }
      IsSequence<SinkRecord> predicate = new IsSequence<>();
      predicate.configure(Map.of("prefix", "user_"));
      found.append(predicate.test(out) ? 'u' : '-');
      predicate.configure(Map.of());
      found.append(predicate.test(out) ? 'p' : '-');
    }
    assertThat(found).hasToString("----------u-u--p");
    assertThat(new IsSequence<SinkRecord>().test(record(null))).isFalse();
    chain.forEach(Transformation::close);
  }

  @Test
  void refusesAFieldThatIsThereAlready() {
    SequenceFlag<SinkRecord> transform = transform();
    SequenceFlag<SinkRecord> same = transform();
    SinkRecord out = transform.apply(record(row(1, 7L, time(0), 5.0)));
    assertThatThrownBy(() -> same.apply(out))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'is_sequence'");
    transform.close();
    same.close();
  }
}
