package dev.tributary.clickhouse.embedded;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/**
 * ClickHouse's own compressed format, which {@code compress=1} and {@code decompress=1} ask for: a
 * sequence of frames of 16 bytes of CityHash128 (version 1.0.2) over the rest, one byte of method,
 * the size of that header and the data after compression, the size before, and the data (all
 * little-endian).
 */
final class Lz4Frames {

  private static final int CHECKSUM_BYTES = 16;
  private static final int HEADER_BYTES = 9;
  private static final byte METHOD_NONE = 0x02;
  private static final byte METHOD_LZ4 = (byte) 0x82;
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int MAX_FRAME_BYTES = 1 << 30;
  private static final LZ4Factory LZ4 = LZ4Factory.fastestJavaInstance();

  private Lz4Frames() {}

  /** A damaged or incomplete frame. */
  static final class BadFrameException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient EngineException error;

    private BadFrameException(int code, String name, String text) {
      super(text);
      this.error = EngineException.of(code, name, text);
    }

    EngineException error() {
      return error;
    }
  }

  /** Reads frames; the end is where a frame ends and nothing follows. */
  static final class Reader extends InputStream {

    private final InputStream in;
    private ByteBuffer block = ByteBuffer.allocate(0);

    Reader(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return fill() ? block.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, block.remaining());
      block.get(target, offset, count);
      return count;
    }

    private boolean fill() throws IOException {
      while (!block.hasRemaining()) {
        byte[] head = in.readNBytes(CHECKSUM_BYTES + HEADER_BYTES);
        if (head.length == 0) {
          return false;
        }
        block = ByteBuffer.wrap(frame(head));
      }
      return true;
    }

    private byte[] frame(byte[] head) throws IOException {
      ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      if (head.length < CHECKSUM_BYTES + HEADER_BYTES) {
        throw cut();
      }
      byte method = header.get(CHECKSUM_BYTES);
      int packed = header.getInt(CHECKSUM_BYTES + 1) - HEADER_BYTES;
      int unpacked = header.getInt(CHECKSUM_BYTES + 5);
      if (method != METHOD_LZ4 && method != METHOD_NONE) {
        throw new BadFrameException(
            89, "UNKNOWN_COMPRESSION_METHOD", "Unknown codec family code: " + (method & 0xff));
      }
      if (packed < 0 || packed > MAX_FRAME_BYTES || unpacked < 0 || unpacked > MAX_FRAME_BYTES) {
        throw new BadFrameException(
            39, "TOO_LARGE_SIZE_COMPRESSED", "Too large size of a compressed frame");
      }
      byte[] data = in.readNBytes(packed);
      if (data.length < packed) {
        throw cut();
      }
      byte[] checked = new byte[HEADER_BYTES + packed];
      System.arraycopy(head, CHECKSUM_BYTES, checked, 0, HEADER_BYTES);
      System.arraycopy(data, 0, checked, HEADER_BYTES, packed);
      long[] sum = CityHash.hash128(checked, 0, checked.length);
      if (sum[0] != header.getLong(0) || sum[1] != header.getLong(8)) {
        throw new BadFrameException(
            40, "CHECKSUM_DOESNT_MATCH", "Checksum doesn't match: corrupted data");
      }
      if (method == METHOD_NONE) {
        return data;
      }
      try {
        return LZ4.safeDecompressor().decompress(data, 0, packed, unpacked);
      } catch (LZ4Exception e) {
        throw new BadFrameException(271, "CANNOT_DECOMPRESS", "Cannot decompress LZ4-encoded data");
      }
    }

    private static BadFrameException cut() {
      return new BadFrameException(
          33, "CANNOT_READ_ALL_DATA", "Cannot read all data: a compressed frame is incomplete");
    }
  }

  /** Writes frames of up to 1 MiB; the last one at close. */
  static final class Writer extends FilterOutputStream {

    private final byte[] block = new byte[BLOCK_BYTES];
    private int used;

    Writer(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      int at = offset;
      while (at < offset + length) {
        int count = Math.min(BLOCK_BYTES - used, offset + length - at);
        System.arraycopy(source, at, block, used, count);
        used += count;
        at += count;
        if (used == BLOCK_BYTES) {
          writeFrame();
        }
      }
    }

    private void writeFrame() throws IOException {
      byte[] data = LZ4.fastCompressor().compress(block, 0, used);
      byte[] frame = new byte[CHECKSUM_BYTES + HEADER_BYTES + data.length];
      ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
      buffer.position(CHECKSUM_BYTES);
      buffer.put(METHOD_LZ4).putInt(HEADER_BYTES + data.length).putInt(used).put(data);
      long[] sum = CityHash.hash128(frame, CHECKSUM_BYTES, HEADER_BYTES + data.length);
      buffer.putLong(0, sum[0]).putLong(8, sum[1]);
      out.write(frame);
      used = 0;
    }

    @Override
    public void close() throws IOException {
      if (used > 0) {
        writeFrame();
      }
      super.close();
    }
  }
}
