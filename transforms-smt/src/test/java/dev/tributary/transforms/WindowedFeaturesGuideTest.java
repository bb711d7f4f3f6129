package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.transforms.features.FeatureParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** Runs the examples of the guide. */
class WindowedFeaturesGuideTest {
  private static final Pattern BLOCK = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String guide() throws IOException {
    return Files.readString(Path.of("..", "docs", "transforms", "windowed-features.md"));
  }

  private static List<String> blocks() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(guide());
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static Map<String, String> settings(String block) throws IOException {
    Map<String, String> settings = new HashMap<>();
    JSON.readValue("{" + block + "}", new TypeReference<Map<String, String>>() {})
        .forEach((key, value) -> settings.put(key.replace("transforms.features.", ""), value));
    settings.put("restore", "none");
    return settings;
  }

  @Test
  void whatComesOutIsWhatTheGuideSays() throws IOException {
    List<String> blocks = blocks();
    WindowedFeatures<SinkRecord> transform = new WindowedFeatures<>();
    transform.configure(settings(blocks.get(0)));
    List<String> in = blocks.get(1).lines().toList();
    List<String> out = blocks.get(2).lines().toList();
    assertThat(in).hasSize(3).hasSameSizeAs(out);
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false"), false);
      for (int i = 0; i < in.size(); i++) {
        Object value =
            converter.toConnectData("t", in.get(i).getBytes(StandardCharsets.UTF_8)).value();
        SinkRecord made = transform.apply(Rows.record(value));
        byte[] json = converter.fromConnectData("t", null, made.value());
        assertThat(JSON.readTree(json)).isEqualTo(JSON.readTree(out.get(i)));
      }
    }
    transform.close();
  }

  @Test
  void namesEveryFunctionWithItsArguments() throws IOException {
    String guide = guide().replace("(h)", "(half-life)").replace(", h)", ", half-life)");
    String table = guide.replace("[, bound]", ", [n]").replace("b1, b2, ...", "bound, ...");
    assertThat(FeatureParser.signatures())
        .map(
            s ->
                s.replace("k(field, n)", "k(field, k)")
                    .replace("ratio(feature, feature)", "ratio(a, b)"))
        .allSatisfy(signature -> assertThat(table).contains("`" + signature + "`"));
  }
}
