package dev.tributary.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An Apicurio registry that keeps schemas in memory, and speaks Confluent's protocol as well as its
 * own. It is the one that the module {@code local-stack/avro} unpacks, which also gathers {@link
 * #converterPlugins the Avro converter} that writes Confluent's wire format with it.
 */
public final class SchemaRegistry implements AutoCloseable {
  private static final String NAME = "Registry";

  private final String url;
  private final OwnProcess process;

  private SchemaRegistry(String url, OwnProcess process) {
    this.url = url;
    this.process = process;
  }

  /**
   * Starts a registry and returns when it answers.
   *
   * @throws StackException when it does not start
   */
  public static SchemaRegistry start() {
    int port = Ports.free();
    String url = "http://127.0.0.1:" + port;
    RestCalls calls = new RestCalls(url);
    OwnProcess process =
        OwnProcess.started(
            NAME,
            directory -> prepare(directory, port),
            log -> calls.status("/health/ready") == 200);
    return new SchemaRegistry(url, process);
  }

  /** The folder with the Avro converter, as a worker's {@code plugin.path} takes it. */
  public static Path converterPlugins() {
    return folder().resolve("plugins");
  }

  /** Of Apicurio's own interface, which its converter takes. */
  public String url() {
    return url + "/apis/registry/v2";
  }

  /** Of Confluent's interface. */
  public String confluentUrl() {
    return url + "/apis/ccompat/v7";
  }

  @Override
  public void close() {
    process.close();
  }

  private static Program prepare(WorkDirectory directory, int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Dquarkus.http.host=127.0.0.1");
    command.add("-Dquarkus.http.port=" + port);
    command.addAll(List.of("-jar", runner().toString()));
    return new Program(NAME, command, directory.path());
  }

  private static Path runner() throws IOException {
    Path registry = folder().resolve("registry");
    if (Files.isDirectory(registry)) {
      try (DirectoryStream<Path> runners = Files.newDirectoryStream(registry, "*-runner.jar")) {
        for (Path runner : runners) {
          return runner;
        }
      }
    }
    throw new StackException("no registry in " + registry + "; run mvn package first");
  }

  private static Path folder() {
    return BuildRoot.stack().resolve("avro");
  }
}
