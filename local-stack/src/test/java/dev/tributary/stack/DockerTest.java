package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of Docker only the question whether it is there: the tests must pass without it. */
class DockerTest {
  @TempDir private Path folder;

  @Test
  void takesAnEngineThatAnswersThePing() throws Exception {
    assertThat(asked("HTTP/1.1 200 OK\r\n\r\nOK")).isTrue();
  }

  @Test
  void takesNothingElseForAnEngine() throws Exception {
    assertThat(asked("HTTP/1.1 503 Service Unavailable\r\n\r\n")).isFalse();
    assertThat(asked("SSH-2.0")).isFalse();
  }

  @Test
  void doesNotWaitForAListenerThatKeepsSilent() throws Exception {
    try (ServerSocketChannel server = listen(folder.resolve("silent"))) {
      assertThat(Docker.answers(at(folder.resolve("silent")))).isFalse();
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void thereIsNoneWhereTheHostSaysSo() {
    assertThat(Docker.answers(new Environment(Map.of("DOCKER_HOST", "none")))).isFalse();
    assertThat(Docker.answers(at(folder.resolve("missing")))).isFalse();
  }

  private boolean asked(String answer) throws Exception {
    Path socket = folder.resolve("s" + answer.hashCode());
    try (ServerSocketChannel server = listen(socket)) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (SocketChannel client = server.accept()) {
                  client.read(ByteBuffer.allocate(1024));
                  client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              serving -> new Thread(serving).start());
      boolean answers = Docker.answers(at(socket));
      served.get();
      return answers;
    }
  }

  private static ServerSocketChannel listen(Path socket) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }

  private static Environment at(Path socket) {
    return new Environment(Map.of("DOCKER_HOST", "unix://" + socket));
  }
}
