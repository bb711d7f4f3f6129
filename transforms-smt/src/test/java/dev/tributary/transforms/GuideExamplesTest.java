package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
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
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** The examples in the guides do what they say. */
class GuideExamplesTest {
  private static final Path GUIDES = Path.of("..", "docs", "transforms");
  private static final JsonConverter CONVERTER = new JsonConverter();

  static {
    CONVERTER.configure(Map.of("schemas.enable", "false"), false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"unwrap-change", "changed-fields", "model-score", "sequence-flag", "z-score-flag"})
  void givesWhatTheGuideSays(String guide) throws Exception {
    check(guide, Map.of());
  }

  @Test
  void givesWhatTheGuideOfLookUpsSays() throws Exception {
    try (RedisServer redis = RedisServer.start();
        RedisClient client = RedisClient.create(redis.uri())) {
      client.hset("user:profile:7", Map.of("tier", "gold", "credit", "12.5"));
      check("redis-lookup", Map.of("redis.uri", redis.uri()));
    }
  }

  private static void check(String guide, Map<String, String> addresses) throws Exception {
    Map<String, Object> settings = new HashMap<>();
    ((Map<?, ?>) examples(guide, "config").get(0))
        .forEach((key, value) -> settings.put(key.toString(), value.toString()));
    settings.putAll(addresses);
    settings.put("restore", "none");
    Class<?> type = Class.forName(settings.remove("type").toString());
    @SuppressWarnings("unchecked") // every transform takes a sink's records
    Transformation<SinkRecord> transform =
        (Transformation<SinkRecord>) type.getDeclaredConstructor().newInstance();
    transform.configure(settings);
    List<Object> in = examples(guide, "in");
    List<Object> out = examples(guide, "out");
    List<Object> made = new ArrayList<>();
    try {
      for (Object value : in) {
        Object result = transform.apply(Rows.record(value)).value();
        made.add(read(CONVERTER.fromConnectData("t", null, result)));
      }
      // what comes out of the last ones
      assertThat(out).isNotEmpty().hasSizeLessThanOrEqualTo(made.size());
      assertThat(made.subList(made.size() - out.size(), made.size())).isEqualTo(out);
    } finally {
      transform.close();
    }
  }

  private static List<Object> examples(String guide, String what) throws IOException {
    Matcher found =
        Pattern.compile("```json " + what + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDES.resolve(guide + ".md")));
    List<Object> examples = new ArrayList<>();
    while (found.find()) {
      examples.add(read(found.group(1).getBytes(StandardCharsets.UTF_8)));
    }
    return examples;
  }

  private static Object read(byte[] json) {
    return CONVERTER.toConnectData("t", json).value();
  }
}
