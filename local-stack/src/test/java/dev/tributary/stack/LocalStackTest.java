package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

class LocalStackTest {
  @TempDir private Path plugins;

  @Test
  void startsAllPartsAndTellsOfEach() throws Exception {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    Set<Path> before = folders();
    try (LocalStack stack =
        LocalStack.builder()
            .pluginPath(plugins)
            .connectSetting("offset.flush.interval.ms", "500")
            .progress(told::add)
            .start()) {
      DriverManager.getConnection(stack.postgres().jdbcUrl()).close();
      try (RedisClient redis = RedisClient.create(stack.redis().uri())) {
        assertThat(redis.ping()).isEqualTo("PONG");
      }
      assertThat(stack.clickHouse().httpUrl()).startsWith("http://");
      assertThat(stack.connect().rest().connectors()).isEmpty();
      assertThat(String.join("\n", told)).contains("Postgres", "Redis", "ClickHouse", "Kafka");
    }
    assertThat(leftBehind(before)).isEmpty();
  }

  @Test
  void closesAllPartsWhenOneFailsAndSaysWhich() throws Exception {
    Set<Path> before = folders();

    assertThatThrownBy(
            () ->
                LocalStack.builder()
                    .pluginPath(plugins)
                    .postgresSetting("wal_level", "marvellous")
                    .start())
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith("the local stack could not start: Postgres did not start")
        .message()
        .doesNotContain("\n");

    assertThat(leftBehind(before)).isEmpty();
  }

  private static List<Path> leftBehind(Set<Path> before) throws IOException {
    return folders().stream().filter(path -> !before.contains(path)).toList();
  }

  /** Of this JVM: others may run at the same time. */
  private static Set<Path> folders() throws IOException {
    String owner = ProcessHandle.current().pid() + " ";
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith("tributary-"))
          .filter(path -> isOwnedBy(owner, path.resolve("owner")))
          .collect(Collectors.toSet());
    }
  }

  private static boolean isOwnedBy(String owner, Path file) {
    try {
      return Files.readString(file).startsWith(owner);
    } catch (IOException e) {
      return false;
    }
  }
}
