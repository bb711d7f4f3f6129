package dev.tributary.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes bytes on to a server and back, and can stop, cut and lose them. Told what to do by any
 * thread.
 */
public final class BadNetwork implements AutoCloseable {
  private final ServerSocket socket;
  private final String host;
  private final int serverPort;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesBeforeStall = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong bytesBeforeCut = new AtomicLong(Long.MAX_VALUE);
  private final AtomicInteger answersToCut = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean losesAnswers;
  private volatile boolean stalled;

  /** Listens on a free port of this machine, for whoever wants to reach that server. */
  public BadNetwork(String host, int serverPort) {
    this.host = host;
    this.serverPort = serverPort;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  /** The port to connect to. */
  public int port() {
    return socket.getLocalPort();
  }

  /** From so many bytes to the server on, nothing is read from the client any more. */
  public void stallAfter(long bytes) {
    bytesBeforeStall.set(bytes);
  }

  /** Whether it has stopped reading. */
  public boolean stalled() {
    return stalled;
  }

  /** Cuts the connection that carries the byte after so many to the server. */
  public void cutAfter(long bytes) {
    bytesBeforeCut.set(bytes);
  }

  /** Cuts the connection that carries the next answer, before it does. */
  public void cutAnswer() {
    answersToCut.incrementAndGet();
  }

  /** Answers do not come back, until the network is healed. */
  public void loseAnswers() {
    losesAnswers = true;
  }

  /** How many connections broke so far. */
  public int cuts() {
    return cuts.get();
  }

  /** All is well again; what was stalled is cut. */
  public void heal() {
    bytesBeforeStall.set(Long.MAX_VALUE);
    bytesBeforeCut.set(Long.MAX_VALUE);
    answersToCut.set(0);
    losesAnswers = false;
    stalled = false;
    open.forEach(BadNetwork::cut);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Socket server = new Socket(host, serverPort);
        open.add(client);
        open.add(server);
        start(() -> pass(client, server, true));
        start(() -> pass(server, client, false));
      } catch (IOException e) {
        // closed, or the server is away: the client finds out
      }
    }
  }

  private void pass(Socket from, Socket to, boolean toServer) {
    byte[] buffer = new byte[16 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (toServer) {
          stallOrCut(count);
        } else if (losesAnswers) {
          continue;
        } else if (answersToCut.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          throw new IOException("cut");
        }
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException e) {
      cuts.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private void stallOrCut(int count) throws IOException, InterruptedException {
    if (bytesBeforeStall.addAndGet(-count) < 0) {
      stalled = true;
      while (stalled) {
        Thread.sleep(20);
      }
    }
    if (bytesBeforeCut.addAndGet(-count) < 0) {
      bytesBeforeCut.set(Long.MAX_VALUE);
      throw new IOException("cut");
    }
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "bad-network");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stalled = false;
    open.forEach(BadNetwork::cut);
  }
}
