package dev.tributary.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on the loopback address. They are taken below the range that systems hand out to
 * outgoing connections (from 32768 on Linux, 49152 on macOS): a server that is down for a restart
 * would otherwise lose its port to any client, even to one that connects to itself there.
 */
final class Ports {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 1_000;

  private Ports() {}

  static int free() {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new StackException(
        "no free port between " + LOWEST + " and " + HIGHEST + " on the loopback address");
  }

  /** A free port with another free one so far above it, also below the range of the system. */
  static int freePair(int distance) {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - distance);
      if (isFree(port) && isFree(port + distance)) {
        return port;
      }
    }
    throw new StackException("no two free ports " + distance + " apart on the loopback address");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
