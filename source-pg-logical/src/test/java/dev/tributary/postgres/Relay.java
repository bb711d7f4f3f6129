package dev.tributary.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between two that can be cut: connections break, and none can be made until mended. */
final class Relay implements AutoCloseable {
  private final ServerSocket entrance;
  private final String host;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean whole = true;

  private Relay(ServerSocket entrance, String host, int port) {
    this.entrance = entrance;
    this.host = host;
    this.port = port;
  }

  static Relay to(String host, int port) throws IOException {
    Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), host, port);
    start(relay::accept);
    return relay;
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** Breaks all connections, in mid-message or not. */
  void cut() {
    whole = false;
    sockets.forEach(Relay::end);
  }

  void mend() {
    whole = true;
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket in = entrance.accept();
        sockets.add(in);
        if (!whole) {
          end(in);
          continue;
        }
        Socket out = new Socket(host, port);
        sockets.add(out);
        start(() -> copy(in, out));
        start(() -> copy(out, in));
      } catch (IOException e) {
        Thread.onSpinWait(); // closed, or the server is away
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        out.write(bytes, 0, read);
      }
    } catch (IOException e) {
      Thread.onSpinWait(); // cut
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      Thread.onSpinWait(); // it is
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    cut();
  }
}
