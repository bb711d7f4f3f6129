package dev.tributary.transforms.state;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * States as streams of bytes: numbers as zigzag varints, doubles as their 64 bits. With a buffer of
 * its own, as a state is millions of small numbers. Failures of the stream come out as {@link
 * UncheckedIOException}.
 */
public final class StateStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MOST_VARINT_BYTES = 10;

  /** Longer than any field of a sane state; what is longer is garbage. */
  private static final int MOST_BYTES = 1 << 28;

  private StateStream() {}

  /** Writes to a stream. */
  public static Output to(OutputStream stream) {
    return new Output(stream);
  }

  /** Reads from a stream, ahead of what is asked for. */
  public static StateInput from(InputStream stream) {
    return new Input(stream);
  }

  /** Has to be flushed at the end. */
  public static final class Output implements StateOutput {
    private final OutputStream stream;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    private Output(OutputStream stream) {
      this.stream = stream;
    }

    @Override
    public void number(long number) {
      makeRoom(MOST_VARINT_BYTES);
      long rest = (number << 1) ^ (number >> 63);
      while ((rest & ~0x7fL) != 0) {
        buffer.put((byte) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      buffer.put((byte) rest);
    }

    @Override
    public void real(double number) {
      makeRoom(Long.BYTES);
      buffer.putLong(Double.doubleToRawLongBits(number));
    }

    @Override
    public void bytes(byte[] bytes) {
      number(bytes.length);
      if (bytes.length <= BUFFER_BYTES) {
        makeRoom(bytes.length);
        buffer.put(bytes);
        return;
      }
      flush();
      try {
        stream.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void value(Object value) {
      ValueKind.write(value, this);
    }

    /** Hands all on to the stream. */
    public void flush() {
      try {
        stream.write(buffer.array(), 0, buffer.position());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      buffer.clear();
    }

    private void makeRoom(int bytes) {
      if (buffer.remaining() < bytes) {
        flush();
      }
    }
  }

  private static final class Input implements StateInput {
    private final InputStream stream;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;

    Input(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public long number() {
      long zigzag = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = next();
        zigzag |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return (zigzag >>> 1) ^ -(zigzag & 1);
        }
      }
      throw new UncheckedIOException(new IOException("no number"));
    }

    @Override
    public double real() {
      long bits = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        bits = (bits << 8) | (next() & 0xffL);
      }
      return Double.longBitsToDouble(bits);
    }

    @Override
    public byte[] bytes() {
      int size = size();
      if (size < 0 || size > MOST_BYTES) {
        throw new UncheckedIOException(new IOException("no length"));
      }
      byte[] bytes = new byte[size];
      int buffered = Math.min(size, end - at);
      System.arraycopy(buffer, at, bytes, 0, buffered);
      at += buffered;
      try {
        if (stream.readNBytes(bytes, buffered, size - buffered) < size - buffered) {
          throw new EOFException();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes;
    }

    @Override
    public Object value() {
      return ValueKind.read(this);
    }

    private byte next() {
      if (at == end) {
        try {
          end = Math.max(0, stream.read(buffer));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        at = 0;
        if (end == 0) {
          throw new UncheckedIOException(new EOFException());
        }
      }
      return buffer[at++];
    }
  }
}
