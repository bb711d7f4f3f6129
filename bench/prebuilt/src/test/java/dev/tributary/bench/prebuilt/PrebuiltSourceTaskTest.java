package dev.tributary.bench.prebuilt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class PrebuiltSourceTaskTest {
  private final PrebuiltSourceTask task = new PrebuiltSourceTask();

  @Test
  void emitsAsManyAsItIsToldAndThenNothing() throws Exception {
    assertThat(emitted("5000", "false")).hasSize(5_000);
    assertThat(task.poll()).isNull();
  }

  @Test
  void recordsAreChangeEvents() throws Exception {
    SourceRecord record = emitted("1", "true").get(0);
    JsonNode value;
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false", "converter.type", "value"));
      value =
          new ObjectMapper()
              .readTree(converter.fromConnectData("t", record.valueSchema(), record.value()));
    }
    assertThat(value.path("op").asText()).isEqualTo("u");
    assertThat(value.path("before").path("id").asLong())
        .isEqualTo(value.path("after").path("id").asLong() - 1);
    assertThat(value.path("after").path("name").asText()).startsWith("text of a row");
    assertThat(value.path("source").path("table").asText()).isEqualTo("events");
    assertThat(record.topic()).isEqualTo("t");
  }

  private List<SourceRecord> emitted(String records, String before) throws Exception {
    task.start(
        Map.of(
            "topic",
            "t",
            "records",
            records,
            "columns",
            "id:int64,name:string,price:decimal,at:timestamp",
            "before",
            before));
    List<SourceRecord> all = new ArrayList<>();
    for (List<SourceRecord> batch = task.poll(); batch != null; batch = task.poll()) {
      all.addAll(batch);
    }
    return all;
  }
}
