package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Commands as the bytes of the Redis protocol, in one array that is used again and again.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">RESP</a>
 */
public final class RespBuffer {
  /** The longest header: a type byte, ten digits, CR LF. */
  private static final int HEADER = 13;

  private byte[] bytes;
  private int size;

  /** An empty buffer that grows from the given size. */
  public RespBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  /** Begins a command of so many arguments, its name among them. */
  public void array(int arguments) {
    ensure(HEADER);
    header('*', arguments);
  }

  /** One argument. */
  public void bulk(byte[] argument) {
    ensure(HEADER + argument.length + 2);
    header('$', argument.length);
    System.arraycopy(argument, 0, bytes, size, argument.length);
    size += argument.length;
    end();
  }

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  /** Forgets what is there. */
  public void clear() {
    size = 0;
  }

  /** Hands all bytes on and is empty again. */
  public void drainTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
    size = 0;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, US_ASCII);
  }

  private void header(char type, int number) {
    bytes[size++] = (byte) type;
    int digits = digits(number);
    int rest = number;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    end();
  }

  private void end() {
    bytes[size++] = '\r';
    bytes[size++] = '\n';
  }

  private static int digits(int number) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
