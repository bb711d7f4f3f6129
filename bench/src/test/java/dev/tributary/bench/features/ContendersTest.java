package dev.tributary.bench.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** What is measured does its work. */
class ContendersTest {
  @Test
  void theTransformsCountTheEventsThatTheyAreGiven() {
    EventStructs events = new EventStructs(10, 1_000);
    Map<Long, Long> totals = new HashMap<>();
    try (TransformChain chain =
        TransformChain.features(TransformChain.COUNTS, Map.of()).zScores()) {
      for (int i = 0; i < 1_000; i++) {
        SinkRecord result = chain.apply(events.next());
        Struct row = (Struct) result.value();
        long total = totals.merge(row.getInt64("user_id"), 1L, Long::sum);
        assertThat(row.getInt64("total")).isEqualTo(total);
        // ten keys in turn, one event a second: six of each in a minute, thirty in five
        assertThat(row.getInt64("c1")).isEqualTo(Math.min(total, 6));
        assertThat(row.getInt64("c5")).isEqualTo(Math.min(total, 30));
        assertThat(row.get("is_anomalous")).isNotNull();
      }
    }
    assertThat(totals).hasSize(10).allSatisfy((key, total) -> assertThat(total).isEqualTo(100));
  }
}
