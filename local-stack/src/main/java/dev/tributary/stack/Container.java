package dev.tributary.stack;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A server in a container, on a port of the host that stays the same over restarts. Its data live
 * in the container and go with it; Testcontainers removes it also when this JVM is killed.
 */
final class Container implements Backing {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final int STOP_SECONDS = 20;

  private final String name;
  private final GenericContainer<?> container;
  private final Ready ready;

  /**
   * Not started yet.
   *
   * @param name what messages call it
   * @param container with image, environment and command
   * @param hostPort the port to be reached at, on {@link #host}
   * @param port the server's port in the container
   * @param ready asked without a log
   */
  Container(String name, GenericContainer<?> container, int hostPort, int port, Ready ready) {
    this.name = name;
    this.container = container;
    this.ready = ready;
    container.addExposedPort(port);
    container.setPortBindings(List.of(hostPort + ":" + port));
  }

  /** The address at which the ports of containers are reached. */
  static String host() {
    return DockerClientFactory.instance().dockerHostIpAddress();
  }

  @Override
  public synchronized void start() {
    try {
      if (container.getContainerId() == null) {
        container.start();
      } else if (!container.isRunning()) {
        docker().startContainerCmd(container.getContainerId()).exec();
      }
    } catch (RuntimeException e) {
      throw new StackException(
          "%s did not start in Docker: %s; DOCKER_HOST=none does without Docker"
              .formatted(name, rootMessage(e)),
          e);
    }
    Await.until(name + " in Docker to be ready", READY_WITHIN, () -> ready.test(""));
  }

  @Override
  public synchronized void stop() {
    if (container.isRunning()) {
      docker().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
    }
  }

  @Override
  public synchronized void kill() {
    if (container.isRunning()) {
      docker().killContainerCmd(container.getContainerId()).exec();
      Await.until(name + "'s end", READY_WITHIN, () -> !container.isRunning());
    }
  }

  @Override
  public boolean restartable() {
    return true;
  }

  @Override
  public void close() {
    container.stop();
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).replaceAll("\\s*\\n\\s*", " | ");
  }
}
