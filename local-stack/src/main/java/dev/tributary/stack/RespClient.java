package dev.tributary.stack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As much of a Redis client as it takes to set servers up: a command, and its reply. */
final class RespClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;

  RespClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** One command on a connection of its own. */
  static Object once(int port, String... command) throws IOException {
    try (RespClient client = new RespClient(port)) {
      return client.call(command);
    }
  }

  /**
   * Sends a command.
   *
   * @return a String, Long, List or null
   * @throws StackException if the reply is an error
   */
  Object call(String... command) throws IOException {
    StringBuilder text = new StringBuilder("*" + command.length + "\r\n");
    for (String argument : command) {
      text.append('$')
          .append(argument.getBytes(StandardCharsets.UTF_8).length)
          .append("\r\n")
          .append(argument)
          .append("\r\n");
    }
    socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
    return reply();
  }

  private Object reply() throws IOException {
    String line = line();
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+':
        return rest;
      case '-':
        throw new StackException("Redis refuses: " + rest);
      case ':':
        return Long.valueOf(rest);
      case '$':
        int length = Integer.parseInt(rest);
        if (length < 0) {
          return null;
        }
        byte[] bytes = in.readNBytes(length);
        in.readNBytes(2);
        return new String(bytes, StandardCharsets.UTF_8);
      case '*':
        List<Object> list = new ArrayList<>();
        for (int i = Integer.parseInt(rest); i > 0; i--) {
          list.add(reply());
        }
        return list;
      default:
        throw new IOException("no reply of Redis: " + line);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended");
      }
      line.append((char) c);
    }
    in.read();
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
