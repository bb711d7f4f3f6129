package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.ConnectRest.Plugin;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.file.FileStreamSourceConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs Kafka's own file connectors in the worker. */
class ConnectWorkerTest {
  private static final String CONNECTOR = FileStreamSourceConnector.class.getName();
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private static Path plugins;
  @TempDir private Path files;

  private static KafkaBroker broker;
  private static ConnectWorker worker;

  @BeforeAll
  static void startWorker() throws Exception {
    Path folder = Files.createDirectory(plugins.resolve("connect-file"));
    Path jar = jarOf(FileStreamSourceConnector.class);
    Files.copy(jar, folder.resolve(jar.getFileName()));
    broker = KafkaBroker.start();
    worker = ConnectWorker.builder(broker).pluginPath(plugins).heap("256m").start();
  }

  @AfterAll
  static void stopWorker() {
    if (worker != null) {
      worker.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void listsThePluginsOfThePluginPath() {
    List<Plugin> all = worker.rest().plugins();

    assertThat(all).contains(new Plugin(CONNECTOR, "source", "4.3.1"));
    assertThat(all).extracting(Plugin::type).contains("sink", "transformation", "converter");
    assertThat(all)
        .filteredOn(plugin -> plugin.type().equals("source") || plugin.type().equals("sink"))
        .as("only those of the plugin path")
        .hasSize(2);
  }

  @Test
  void validationNamesTheKey() {
    ConnectRest.Validation validation =
        worker.rest().validate(CONNECTOR, Map.of("name", "v", "batch.size", "many"));

    assertThat(validation.errors()).containsKeys("topic", "batch.size");
    assertThat(validation.errorCount()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void refusesABadConfigInTheWorkersWords() {
    assertThatThrownBy(
            () -> worker.rest().createOrUpdate("bad", Map.of("connector.class", CONNECTOR)))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("status 400")
        .hasMessageContaining("topic");
  }

  @Test
  void resumesAfterSigkill() throws Exception {
    Path file = Files.writeString(files.resolve("lines"), "one\ntwo\n");
    worker.rest().createOrUpdate("resuming", source(file));
    worker.rest().awaitRunning("resuming", 1, SOON);
    awaitPosition("resuming", Files.size(file));
    long pid = worker.pid();

    worker.kill();
    assertThat(ProcessHandle.of(pid)).isEmpty();
    Files.writeString(file, "three\n", StandardOpenOption.APPEND);
    worker.restart();

    assertThat(worker.pid()).isNotEqualTo(pid);
    worker.rest().awaitRunning("resuming", 1, SOON);
    awaitPosition("resuming", Files.size(file));
    assertThat(Files.readString(worker.log()))
        .contains("[resuming|task-0] ") // as Connect's own logging does
        .contains("Kafka Connect started");
    worker.rest().delete("resuming");
  }

  @Test
  void goesOnAfterTheBrokerWasKilled() throws Exception {
    Path file = Files.writeString(files.resolve("lines"), "one\n");
    worker.rest().createOrUpdate("patient", source(file));
    awaitPosition("patient", Files.size(file));

    broker.kill();
    Files.writeString(file, "two\n", StandardOpenOption.APPEND);
    broker.restart();

    awaitPosition("patient", Files.size(file));
    worker.rest().delete("patient");
  }

  @Test
  void stopsPausesResumesAndDeletesConnectors() throws Exception {
    Path file = Files.writeString(files.resolve("lines"), "one\n");
    ConnectRest rest = worker.rest();
    rest.createOrUpdate("a b", source(file));
    rest.awaitRunning("a b", 1, SOON);
    rest.pause("a b");
    awaitState("a b", "PAUSED");
    rest.resume("a b");
    rest.awaitRunning("a b", 1, SOON);
    rest.restart("a b");
    rest.restartTask("a b", 0);
    rest.stop("a b");
    awaitState("a b", "STOPPED");

    rest.delete("a b");
    rest.delete("a b");

    Await.until("no connector", SOON, rest::connectors, names -> !names.contains("a b"));
  }

  @Test
  void saysInOneLineWhyItDoesNotStart() {
    assertThatThrownBy(
            () ->
                ConnectWorker.builder(broker)
                    .pluginPath(plugins)
                    .setting("key.converter", "no.such.Converter")
                    .start())
        .isInstanceOf(StackException.class)
        .hasMessageContaining("Connect did not start")
        .hasMessageContaining("no.such.Converter")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void failuresComeWithTheTrace() {
    Path missing = files.resolve("no/such/folder/sink");
    worker
        .rest()
        .createOrUpdate(
            "failing",
            Map.of(
                "connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector",
                "topics", "unimportant",
                "file", missing.toString()));

    assertThatThrownBy(() -> worker.rest().awaitRunning("failing", 1, SOON))
        .hasMessageContaining("task 0 of connector failing has failed")
        .hasMessageContaining(missing.toString());
    assertThat(worker.rest().awaitFailed("failing", SOON)).contains(missing.toString());
    worker.rest().delete("failing");
  }

  private static Map<String, String> source(Path file) {
    return Map.of("connector.class", CONNECTOR, "file", file.toString(), "topic", "lines");
  }

  private static void awaitPosition(String connector, long position) {
    Await.until(
        "position " + position,
        SOON,
        () -> worker.rest().offsets(connector),
        offsets ->
            offsets.stream()
                .anyMatch(o -> ((Number) o.offset().get("position")).longValue() == position));
  }

  private static void awaitState(String connector, String state) {
    Await.until(
        connector + " to be " + state,
        SOON,
        () -> worker.rest().status(connector),
        status -> status.connector().state().equals(state));
  }

  private static Path jarOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
