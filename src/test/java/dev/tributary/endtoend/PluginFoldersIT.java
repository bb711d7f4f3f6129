package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code mvn package} leaves in {@code target/plugins}. */
class PluginFoldersIT {
  private static final Path PLUGINS =
      Path.of(System.getProperty("tributary.root"), "target/plugins");

  @Test
  void thereIsOneFolderPerPlugin() throws IOException {
    try (Stream<Path> folders = Files.list(PLUGINS)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "source-pg-logical", "transforms-smt", "sink-redis-features", "sink-clickhouse");
    }
  }

  @Test
  void noFolderHoldsWhatTheWorkerBrings() throws IOException {
    for (Path jar : jars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        assertThat(file.stream().map(JarEntry::getName))
            .as("classes in %s", PLUGINS.relativize(jar))
            .noneMatch(
                name ->
                    name.startsWith("org/apache/kafka/")
                        || name.startsWith("org/slf4j/")
                        || name.startsWith("org/apache/logging/"));
      }
    }
  }

  @Test
  void everyFolderHoldsItsLicense() throws IOException {
    try (Stream<Path> folders = Files.list(PLUGINS)) {
      assertThat(folders).allSatisfy(folder -> assertThat(folder.resolve("LICENSE")).exists());
    }
  }

  @Test
  void theManifestsNameEveryPlugin() throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (Path jar : jars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        Enumeration<JarEntry> entries = file.entries();
        while (entries.hasMoreElements()) {
          JarEntry entry = entries.nextElement();
          if (entry.getName().startsWith("META-INF/services/org.apache.kafka.connect.")) {
            String text =
                new String(
                    file.getInputStream(entry).readAllBytes(),
                    java.nio.charset.StandardCharsets.UTF_8);
            found
                .computeIfAbsent(
                    entry.getName().replaceFirst(".*\\.", ""), key -> new ArrayList<>())
                .addAll(
                    text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList());
          }
        }
      }
    }

    assertThat(found.get("SourceConnector"))
        .containsExactly("dev.tributary.postgres.PgLogicalSourceConnector");
    assertThat(found.get("SinkConnector"))
        .containsExactlyInAnyOrder(
            "dev.tributary.clickhouse.ClickHouseSinkConnector",
            "dev.tributary.redis.RedisFeatureSinkConnector");
    assertThat(found.get("Transformation"))
        .containsExactlyInAnyOrder(
            "dev.tributary.transforms.WindowedFeatures",
            "dev.tributary.transforms.ZScoreFlag",
            "dev.tributary.transforms.SequenceFlag",
            "dev.tributary.transforms.UnwrapChange",
            "dev.tributary.transforms.ChangedFields",
            "dev.tributary.transforms.RedisLookup",
            "dev.tributary.transforms.ModelScore");
    assertThat(found.get("Predicate"))
        .containsExactlyInAnyOrder(
            "dev.tributary.transforms.IsAnomalous", "dev.tributary.transforms.IsSequence");
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.walk(PLUGINS)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }
}
