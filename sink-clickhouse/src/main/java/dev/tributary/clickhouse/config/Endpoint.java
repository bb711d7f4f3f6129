package dev.tributary.clickhouse.config;

import java.util.ArrayList;
import java.util.List;

/** The host and HTTP port of one server. */
public record Endpoint(String host, int port) {

  /**
   * Reads {@code host}, {@code host:port}, {@code [::1]:port}, or several with commas between.
   *
   * @throws IllegalArgumentException if there is none, or a port is none
   */
  static List<Endpoint> parseAll(String text, int defaultPort) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      if (!each.isBlank()) {
        endpoints.add(parse(each.strip(), defaultPort));
      }
    }
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("must name a host");
    }
    return List.copyOf(endpoints);
  }

  private static Endpoint parse(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    boolean bareIpv6 = text.indexOf(':') != colon && !text.startsWith("[");
    if (colon < 0 || bareIpv6 || text.endsWith("]")) {
      return new Endpoint(text, defaultPort);
    }
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      port = -1;
    }
    if (port < 1 || port > 65_535 || colon == 0) {
      throw new IllegalArgumentException("'" + text + "' is no host, nor host:port");
    }
    return new Endpoint(text.substring(0, colon), port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
