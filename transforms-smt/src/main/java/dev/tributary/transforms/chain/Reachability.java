package dev.tributary.transforms.chain;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether servers take connections: all that can be told of Kafka before a task runs, as a
 * transform's validation is not given the settings of its client.
 */
final class Reachability {
  private static final int TIMEOUT_MS = 2_000;

  /** So many are tried: a list of addresses is made so that any will do. */
  private static final int TRIED = 3;

  private Reachability() {}

  /**
   * Null if one of the servers takes connections; else what each of them said.
   *
   * @param servers host:port, separated by commas
   */
  static String problem(String servers) {
    List<String> problems = new ArrayList<>();
    for (String server : servers.split(",", -1)) {
      if (problems.size() == TRIED) {
        break;
      }
      String address = server.trim().replaceFirst("^[A-Z_]+://", "");
      int colon = address.lastIndexOf(':');
      String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
      InetSocketAddress at =
          new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
      if (at.isUnresolved()) {
        problems.add(address + " (the name is unknown)");
        continue;
      }
      try (Socket socket = new Socket()) {
        socket.connect(at, TIMEOUT_MS);
        return null;
      } catch (IOException e) {
        problems.add(address + " (" + e.getMessage() + ")");
      }
    }
    return String.join(", ", problems);
  }
}
