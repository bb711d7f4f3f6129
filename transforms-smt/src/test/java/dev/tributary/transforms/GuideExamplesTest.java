package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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

  @ParameterizedTest
  @ValueSource(strings = {"unwrap-change", "changed-fields", "model-score"})
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
    ((Map<?, ?>) example(guide, "config"))
        .forEach((key, value) -> settings.put(key.toString(), value.toString()));
    settings.putAll(addresses);
    Class<?> type = Class.forName(settings.remove("type").toString());
    @SuppressWarnings("unchecked") // every transform takes a sink's records
    Transformation<SinkRecord> transform =
        (Transformation<SinkRecord>) type.getDeclaredConstructor().newInstance();
    transform.configure(settings);
    try {
      assertThat(transform.apply(Rows.record(example(guide, "in"))).value())
          .isEqualTo(example(guide, "out"));
    } finally {
      transform.close();
    }
  }

  private static Object example(String guide, String what) throws IOException {
    Matcher found =
        Pattern.compile("```json " + what + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDES.resolve(guide + ".md")));
    assertThat(found.find()).as("%s of %s", what, guide).isTrue();
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "false"), false);
    return converter.toConnectData("t", found.group(1).getBytes(StandardCharsets.UTF_8)).value();
  }
}
