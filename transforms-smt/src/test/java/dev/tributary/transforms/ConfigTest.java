package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  /** Takes connections, as Kafka would. */
  private static final ServerSocket KAFKA = listen();

  private static final Map<String, String> WINDOWS =
      Map.of(
          "key", "user_id",
          "features", "n = count() over 1m",
          "restore.bootstrap.servers", "127.0.0.1:" + KAFKA.getLocalPort());
  private static final Map<String, String> SCORES =
      Map.of(
          "key", "user_id",
          "fields", "amount",
          "restore.bootstrap.servers", "[::1]:1,127.0.0.1:" + KAFKA.getLocalPort());

  private static final Map<String, String> PATTERNS =
      Map.of(
          "key", "user_id",
          "patterns", "p = a: x < 1 then b: x > 1 within 1m",
          "restore.bootstrap.servers", "127.0.0.1:" + KAFKA.getLocalPort());

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void close() throws IOException {
    KAFKA.close();
  }

  /** As Connect validates: embedded with a prefix in the connector's settings. */
  private static Map<String, List<String>> errors(ConfigDef def, Map<String, String> settings) {
    ConfigDef connector = new ConfigDef();
    connector.embed("transforms.f.", "Transforms: f", 0, def);
    Map<String, String> prefixed = new HashMap<>();
    settings.forEach((key, value) -> prefixed.put("transforms.f." + key, value));
    return connector.validate(prefixed).stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .collect(
            Collectors.toMap(
                value -> value.name().substring("transforms.f.".length()),
                ConfigValue::errorMessages));
  }

  @Test
  void acceptsTheSmallestSettings() {
    assertThat(errors(WindowedFeaturesConfig.CONFIG_DEF, WINDOWS)).isEmpty();
    assertThat(errors(ZScoreFlagConfig.CONFIG_DEF, SCORES)).isEmpty();
    assertThat(errors(SequenceFlagConfig.CONFIG_DEF, PATTERNS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key| a..b| a name in it is empty",
        "features| n = sun(x) over 1m| line 1, column 5: there is no aggregate 'sun'; did you mean"
            + " 'sum'?",
        "operations| c,x| 'x' is no operation; known are c, r, u, d, t, m",
        "event.time.unit| days| must be one of auto, s, ms, us, ns",
        "max.future| never| 'never' is no duration",
        "tile| 2m| at most as wide as the shortest window (1m)",
        "tile| wide| 'wide' is no duration",
        "max.keys| -1| Value must be at least 0",
        "grace| 5 parsecs| '5 parsecs' is no duration",
        "late| maybe| must be one of flag, drop, pass",
        "output| all| must be one of merged, features",
        "missing.key| skip| must be one of fail, pass",
        "restore| snapshot| must be one of topic, none",
        "restore.bootstrap.servers| ''| is needed with restore=topic: set it to the worker's"
            + " bootstrap.servers",
        "restore.bootstrap.servers| localhost| write host:port",
        "restore.bootstrap.servers| a:1 b:2| write host:port",
        "restore.bootstrap.servers| 127.0.0.1:1| no server takes connections there: 127.0.0.1:1"
            + " (Connection refused)",
        "restore.bootstrap.servers| no.such.host.invalid:9092| no.such.host.invalid:9092 (the name"
            + " is unknown)",
        "restore.value.converter| org.example.NoConverter| is no converter that is installed",
        "restore.timeout| soon| 'soon' is no duration",
        "restore.snapshot.dir| snapshots| write it from the root on",
        "restore.snapshot.dir| /dev/null/snapshots| cannot write to the folder /dev/null",
        "restore.snapshot.interval| soon| 'soon' is no duration",
      })
  void reportsAMistakeAtItsKey(String key, String value, String message) {
    Map<String, String> settings = Rows.settings(WINDOWS, key, value);
    Map<String, List<String>> errors = errors(WindowedFeaturesConfig.CONFIG_DEF, settings);
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(message);
    if (!message.contains("127.0.0.1") && !message.contains("unknown")) {
      assertThatThrownBy(() -> new WindowedFeatures<>().configure(settings))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void reportsWhatIsMissing() {
    assertThat(errors(WindowedFeaturesConfig.CONFIG_DEF, Map.of()))
        .containsOnlyKeys("key", "features", "restore.bootstrap.servers");
    assertThat(errors(ZScoreFlagConfig.CONFIG_DEF, Map.of("restore", "none")))
        .containsOnlyKeys("key", "fields");
    assertThat(errors(SequenceFlagConfig.CONFIG_DEF, Map.of()))
        .containsOnlyKeys("key", "patterns", "restore.bootstrap.servers");
  }

  @Test
  void reportsAFeatureWithTheNameOfAnotherOutputField() {
    assertThat(
            errors(
                WindowedFeaturesConfig.CONFIG_DEF,
                Rows.settings(WINDOWS, "features", "late = count() over 1m")))
        .containsOnlyKeys("features");
    assertThat(
            errors(
                WindowedFeaturesConfig.CONFIG_DEF,
                Rows.settings(
                    WINDOWS, "features", "user_id = count() over 1m", "output", "features")))
        .containsOnlyKeys("features");
  }

  @ParameterizedTest
  @CsvSource({
    "window, 0",
    "window, 0s",
    "window, 5 parsecs",
    "threshold, 0",
    "threshold, -1",
    "min.samples, 0",
    "min.samples, 101",
    "method, median",
    "grace, soon",
    "window.max.values, 0",
    "page.hinkley.tolerance, -1",
    "max.keys, -1",
    "prefix, a.b"
  })
  void reportsAMistakeInScoringAtItsKey(String key, String value) {
    Map<String, String> settings = Rows.settings(SCORES, key, value);
    assertThat(errors(ZScoreFlagConfig.CONFIG_DEF, settings)).containsOnlyKeys(key);
    assertThatThrownBy(() -> new ZScoreFlag<>().configure(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @Test
  void reportsAMethodThatTheWindowDoesNotFit() {
    Map<String, String> settings = Rows.settings(SCORES, "method", "ewma", "window", "10m");
    assertThat(errors(ZScoreFlagConfig.CONFIG_DEF, settings)).containsOnlyKeys("method");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "patterns| p = a: x < 1 within 1m| line 1, column 14: expected 'then' or 'next' and a further"
            + " event, as one is no sequence, found 'within'",
        "patterns| ''| line 1, column 1: expected the name of a pattern",
        "operations| c,x| 'x' is no operation",
        "event.time| a..b| a name in it is empty",
        "grace| soon| 'soon' is no duration",
        "max.events| 0| Value must be at least 1",
        "max.keys| -1| Value must be at least 0",
        "prefix| a-b| must be letters, digits and underscores",
        "restore.bootstrap.servers| ''| is needed with restore=topic",
      })
  void reportsAMistakeInPatternsAtItsKey(String key, String value, String message) {
    Map<String, String> settings = Rows.settings(PATTERNS, key, value);
    Map<String, List<String>> errors = errors(SequenceFlagConfig.CONFIG_DEF, settings);
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(message);
    assertThatThrownBy(() -> new SequenceFlag<>().configure(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void describesEveryKey() {
    for (ConfigDef def :
        List.of(
            WindowedFeaturesConfig.CONFIG_DEF,
            ZScoreFlagConfig.CONFIG_DEF,
            SequenceFlagConfig.CONFIG_DEF,
            UnwrapChangeConfig.CONFIG_DEF,
            ChangedFieldsConfig.CONFIG_DEF,
            RedisLookupConfig.CONFIG_DEF,
            ModelScoreConfig.CONFIG_DEF)) {
      def.configKeys()
          .values()
          .forEach(
              key -> {
                assertThat(key.documentation).as(key.name).isNotBlank();
                assertThat(key.group).as(key.name).isNotBlank();
                assertThat(key.displayName).as(key.name).isNotEqualTo(key.name);
                if (key.validator != null) {
                  assertThat(key.validator.toString()).as(key.name).doesNotContain("@");
                }
              });
    }
  }

  @Test
  void areFoundByServiceLoaders() {
    assertThat(ServiceLoader.load(Transformation.class))
        .extracting(t -> t.getClass().getSimpleName())
        .contains(
            "WindowedFeatures",
            "ZScoreFlag",
            "SequenceFlag",
            "UnwrapChange",
            "ChangedFields",
            "RedisLookup",
            "ModelScore");
    assertThat(ServiceLoader.load(Predicate.class))
        .extracting(p -> p.getClass().getSimpleName())
        .contains("IsAnomalous", "IsSequence");
  }
}
