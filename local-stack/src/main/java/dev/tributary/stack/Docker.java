package dev.tributary.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks whether a Docker engine answers, without a word in the log where there is none;
 * Testcontainers is not touched before one does. {@code DOCKER_HOST} alone is asked where it is
 * set, so that {@code DOCKER_HOST=none} means: without Docker.
 */
final class Docker {
  private static final int TIMEOUT_SECONDS = 2;
  private static final byte[] PING =
      "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private Docker() {}

  static boolean answers(Environment environment) {
    return addresses(environment).stream().anyMatch(Docker::answers);
  }

  private static List<SocketAddress> addresses(Environment environment) {
    List<SocketAddress> addresses = new ArrayList<>();
    if (environment.get("DOCKER_HOST").isPresent()) {
      environment.get("DOCKER_HOST").map(URI::create).ifPresent(host -> add(host, addresses));
      return addresses;
    }
    List<Path> sockets = new ArrayList<>();
    sockets.add(Path.of("/var/run/docker.sock"));
    sockets.add(Path.of(System.getProperty("user.home"), ".docker", "run", "docker.sock"));
    environment
        .get("XDG_RUNTIME_DIR")
        .ifPresent(directory -> sockets.add(Path.of(directory, "docker.sock")));
    sockets.stream().filter(Files::exists).map(UnixDomainSocketAddress::of).forEach(addresses::add);
    return addresses;
  }

  private static void add(URI host, List<SocketAddress> addresses) {
    if ("unix".equals(host.getScheme())) {
      addresses.add(UnixDomainSocketAddress.of(host.getPath()));
    } else if ("tcp".equals(host.getScheme()) && host.getHost() != null) {
      addresses.add(
          new InetSocketAddress(host.getHost(), host.getPort() < 0 ? 2375 : host.getPort()));
    }
  }

  private static boolean answers(SocketAddress address) {
    try (SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX)
            : SocketChannel.open()) {
      // a thread of its own, as it may block; closing the channel ends it too, when time is up
      return CompletableFuture.supplyAsync(
              () -> ping(channel, address), ping -> new Thread(ping, "docker-ping").start())
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean ping(SocketChannel channel, SocketAddress address) {
    try {
      channel.connect(address);
      channel.write(ByteBuffer.wrap(PING));
      ByteBuffer answer = ByteBuffer.allocate("HTTP/1.1 200".length());
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // a status line comes in one piece or in several
      }
      return new String(answer.array(), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }
}
