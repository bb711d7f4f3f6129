package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What happens to servers whose JVM gets SIGKILL. */
class LifelineTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void serversEndWithTheJvmThatStartedThemAndLeaveNothing() throws IOException {
    Process jvm =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                StartsServers.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("started");
      List<ProcessHandle> servers = jvm.descendants().toList();
      // Postgres has processes of its own, which take part in the end
      assertThat(servers).hasSizeGreaterThan(5);
      long owner = jvm.pid();
      assertThat(foldersOf(owner)).hasSize(4);

      jvm.destroyForcibly();

      Await.until("the servers' end", SOON, () -> servers.stream().noneMatch(LifelineTest::runs));
      Await.until(
          "the removal of the folders by the next run",
          SOON,
          () -> {
            WorkDirectory.create("next").close();
            WorkDirectory.removeLeftovers(temporaryFiles());
            return foldersOf(owner).isEmpty();
          });
    } finally {
      jvm.destroyForcibly();
    }
  }

  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent(); // a zombie has no command
  }

  private static List<Path> foldersOf(long owner) throws IOException {
    try (Stream<Path> all = Files.list(temporaryFiles())) {
      return all.filter(path -> path.getFileName().toString().startsWith("tributary-"))
          .filter(path -> ownerOf(path).startsWith(owner + " "))
          .toList();
    }
  }

  private static String ownerOf(Path folder) {
    try {
      return Files.readString(folder.resolve("owner"));
    } catch (IOException e) {
      return "";
    }
  }

  private static Path temporaryFiles() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** The JVM to be killed. */
  static final class StartsServers {
    private StartsServers() {}

    public static void main(String[] args) throws IOException {
      RedisServer.start();
      PostgresServer.start();
      ClickHouseServer.start();
      KafkaBroker.start();
      System.out.println("started");
      System.in.read();
    }
  }
}
