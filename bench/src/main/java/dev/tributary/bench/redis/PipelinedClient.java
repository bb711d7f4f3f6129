package dev.tributary.bench.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tributary.stack.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;

/**
 * Does what {@code redis-benchmark -P 100 -c 1} does, for machines without it: sends requests that
 * were made beforehand, 100 at a time, and counts replies. Only the digits of the random number are
 * written anew in each.
 */
final class PipelinedClient {
  private static final int PIPELINE = 100;
  private static final String PLACEHOLDER = "__rand_int__";
  private static final int DIGITS = 12;

  private PipelinedClient() {}

  /** The same as {@link RedisBenchmarkProgram#rate}. */
  static double rate(RedisServer server, int requests, int keys, String... command)
      throws IOException {
    byte[] batch = encode(command).repeat(PIPELINE).getBytes(US_ASCII);
    int[] places = places(new String(batch, US_ASCII));
    Random random = new Random(1);
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      byte[] replies = new byte[1 << 16];
      long start = System.nanoTime();
      for (int sent = 0; sent < requests; sent += PIPELINE) {
        for (int place : places) {
          digits(batch, place, random.nextInt(keys));
        }
        out.write(batch);
        for (int lines = 0; lines < PIPELINE; ) {
          int read = in.read(replies);
          if (read < 0) {
            throw new IOException("Redis closed the connection");
          }
          lines += lines(replies, read);
        }
      }
      return requests / ((System.nanoTime() - start) / 1e9);
    }
  }

  /** Integer and status replies are one line each (RESP, "Redis serialization protocol"). */
  private static int lines(byte[] replies, int length) throws IOException {
    int lines = 0;
    for (int i = 0; i < length; i++) {
      if (replies[i] == '\n') {
        lines++;
      } else if (replies[i] == '-') {
        throw new IOException("Redis refuses: " + new String(replies, i, length - i, US_ASCII));
      }
    }
    return lines;
  }

  private static String encode(String... command) {
    StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
    for (String word : command) {
      request.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return request.toString();
  }

  private static int[] places(String batch) {
    int count = 0;
    int[] places = new int[batch.length() / DIGITS];
    for (int at = batch.indexOf(PLACEHOLDER); at >= 0; at = batch.indexOf(PLACEHOLDER, at + 1)) {
      places[count++] = at;
    }
    return Arrays.copyOf(places, count);
  }

  private static void digits(byte[] batch, int place, int number) {
    int rest = number;
    for (int i = place + DIGITS - 1; i >= place; i--) {
      batch[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
