package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.ClickHouseSinkConnector;
import dev.tributary.postgres.PgLogicalSourceConnector;
import dev.tributary.redis.RedisFeatureSinkConnector;
import dev.tributary.transforms.ChangedFields;
import dev.tributary.transforms.ModelScore;
import dev.tributary.transforms.RedisLookup;
import dev.tributary.transforms.SequenceFlag;
import dev.tributary.transforms.UnwrapChange;
import dev.tributary.transforms.WindowedFeatures;
import dev.tributary.transforms.ZScoreFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/**
 * The config reference in {@code docs/reference/} is what the plugins declare. To write it anew:
 * {@code mvn verify -pl src/test -am -Dtributary.docs=write}.
 */
class ConfigReferenceTest {
  private static final Path REFERENCE =
      Path.of(System.getProperty("tributary.root"), "docs/reference");

  @Test
  void postgresSource() throws IOException {
    check(
        "postgres-source", PgLogicalSourceConnector.class, new PgLogicalSourceConnector().config());
  }

  @Test
  void redisSink() throws IOException {
    check("redis-sink", RedisFeatureSinkConnector.class, new RedisFeatureSinkConnector().config());
  }

  @Test
  void clickHouseSink() throws IOException {
    check("clickhouse-sink", ClickHouseSinkConnector.class, new ClickHouseSinkConnector().config());
  }

  @Test
  void windowedFeatures() throws IOException {
    try (WindowedFeatures<SinkRecord> transform = new WindowedFeatures<>()) {
      check("windowed-features", WindowedFeatures.class, transform.config());
    }
  }

  @Test
  void zScoreFlag() throws IOException {
    try (ZScoreFlag<SinkRecord> transform = new ZScoreFlag<>()) {
      check("z-score-flag", ZScoreFlag.class, transform.config());
    }
  }

  @Test
  void sequenceFlag() throws IOException {
    try (SequenceFlag<SinkRecord> transform = new SequenceFlag<>()) {
      check("sequence-flag", SequenceFlag.class, transform.config());
    }
  }

  @Test
  void unwrapChange() throws IOException {
    try (UnwrapChange<SinkRecord> transform = new UnwrapChange<>()) {
      check("unwrap-change", UnwrapChange.class, transform.config());
    }
  }

  @Test
  void changedFields() throws IOException {
    try (ChangedFields<SinkRecord> transform = new ChangedFields<>()) {
      check("changed-fields", ChangedFields.class, transform.config());
    }
  }

  @Test
  void redisLookup() throws IOException {
    try (RedisLookup<SinkRecord> transform = new RedisLookup<>()) {
      check("redis-lookup", RedisLookup.class, transform.config());
    }
  }

  @Test
  void modelScore() throws IOException {
    try (ModelScore<SinkRecord> transform = new ModelScore<>()) {
      check("model-score", ModelScore.class, transform.config());
    }
  }

  private static void check(String name, Class<?> plugin, ConfigDef config) throws IOException {
    Path file = REFERENCE.resolve(name + ".md");
    String reference = ConfigReference.of(plugin, config);
    if (System.getProperty("tributary.docs").equals("write")) {
      Files.createDirectories(REFERENCE);
      Files.writeString(file, reference);
    }
    assertThat(file).as("write it anew with -Dtributary.docs=write").hasContent(reference);
  }
}
