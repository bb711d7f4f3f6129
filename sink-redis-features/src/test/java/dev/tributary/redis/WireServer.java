package dev.tributary.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.stack.RedisServer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/**
 * A server that has every command and notes those that write, for commands that not every Redis
 * has. Scripts are run by a real Redis with calls that are noted instead of done, as if nothing had
 * been stored before.
 */
final class WireServer implements AutoCloseable {
  /** Around the text of a script; what it calls is to be seen, and what it answers. */
  private static final String NOTING =
      """
      local noted = {}
      local function note(...)
        noted[#noted + 1] = {...}
        if (...) == 'HGET' then return false end
        if (...) == 'TS.DEL' and select(2, ...) == 'missing' then
          return {err = 'ERR TSDB: the key does not exist'}
        end
        return 1
      end
      local redis = {call = note, pcall = note}
      local function script()
      %s
      end
      return {script(), noted}
      """;

  private final ServerSocket listening;
  private final Jedis lua;
  private final Map<String, String> scripts = new HashMap<>();
  private final List<List<String>> commands = new CopyOnWriteArrayList<>();
  private final Thread thread;

  /**
   * A server for one connection at a time.
   *
   * @param real where scripts are run
   */
  WireServer(RedisServer real) {
    lua = TestRedis.connect(real);
    try {
      listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(this::serve, "wire-server");
    thread.start();
  }

  String uri() {
    return "redis://127.0.0.1:" + listening.getLocalPort();
  }

  /** What has been called on keys since this was last asked. */
  List<List<String>> commands() {
    List<List<String>> all = List.copyOf(commands);
    commands.clear();
    return all;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lua.close();
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept();
          DataInputStream in =
              new DataInputStream(new BufferedInputStream(socket.getInputStream()));
          OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
        while (true) {
          answer(out, reply(command(in)));
          if (in.available() == 0) {
            out.flush();
          }
        }
      } catch (IOException e) {
        // the client or the test has closed
      }
    }
  }

  private Object reply(List<byte[]> command) {
    String name = new String(command.get(0), UTF_8);
    return switch (name) {
      case "CLIENT", "SELECT", "HELLO" -> "OK".getBytes(UTF_8);
      case "COMMAND" -> List.of(List.of(command.get(2)));
      case "SCRIPT" -> {
        byte[] sha1 = lua.scriptLoad(command.get(2));
        scripts.put(new String(sha1, UTF_8), new String(command.get(2), UTF_8));
        yield sha1;
      }
      case "EVALSHA" -> {
        List<byte[]> eval = new ArrayList<>(command.subList(1, command.size()));
        String script = scripts.get(new String(eval.get(0), UTF_8));
        eval.set(0, NOTING.formatted(script).getBytes(UTF_8));
        List<?> done = (List<?>) lua.sendCommand(Command.EVAL, eval.toArray(byte[][]::new));
        ((List<?>) done.get(1)).forEach(call -> commands.add(texts((List<?>) call)));
        yield done.get(0);
      }
      default -> {
        commands.add(texts(command));
        yield 1L;
      }
    };
  }

  private static List<String> texts(List<?> words) {
    return words.stream().map(word -> new String((byte[]) word, UTF_8)).toList();
  }

  private static List<byte[]> command(DataInputStream in) throws IOException {
    int count = Integer.parseInt(line(in).substring(1));
    List<byte[]> words = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] word = new byte[Integer.parseInt(line(in).substring(1))];
      in.readFully(word);
      line(in);
      words.add(word);
    }
    return words;
  }

  private static String line(DataInputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(UTF_8);
  }

  private static void answer(OutputStream out, Object reply) throws IOException {
    if (reply instanceof List<?> list) {
      out.write(("*" + list.size() + "\r\n").getBytes(UTF_8));
      for (Object item : list) {
        answer(out, item);
      }
    } else if (reply instanceof byte[] bytes) {
      out.write(("$" + bytes.length + "\r\n").getBytes(UTF_8));
      out.write(bytes);
      out.write("\r\n".getBytes(UTF_8));
    } else {
      out.write((":" + reply + "\r\n").getBytes(UTF_8));
    }
  }
}
