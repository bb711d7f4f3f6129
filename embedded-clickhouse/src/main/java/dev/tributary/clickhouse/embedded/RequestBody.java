package dev.tributary.clickhouse.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;

/**
 * What a request says: the query of its address, a line feed, and its body unpacked. Read once, by
 * one thread.
 */
final class RequestBody {

  // Enough for everything that can stand before an INSERT's rows.
  static final int HEAD_BYTES = 1 << 20;
  private static final int MAX_STATEMENT_BYTES = 64 << 20;

  private final WireInput wire;
  private final InputStream text;

  private RequestBody(WireInput wire, InputStream text) {
    this.wire = wire;
    this.text = text;
  }

  /**
   * Starts to read a request.
   *
   * @param encoding the header Content-Encoding, or null
   */
  static RequestBody of(WireInput wire, String encoding, QueryRequest request)
      throws IOException, EngineException {
    InputStream body = unpack(wire, encoding == null ? "" : encoding);
    if (request.decompress()) {
      body = new Lz4Frames.Reader(body);
    }
    if (!request.query().isEmpty()) {
      byte[] query = Engine.utf8(request.query() + "\n");
      body = new SequenceInputStream(new ByteArrayInputStream(query), body);
    }
    return new RequestBody(wire, body);
  }

  /** The beginning, at most 1 MiB of it. */
  byte[] head() throws IOException, EngineException {
    return read(HEAD_BYTES);
  }

  /** Everything that follows what was read before, of a statement without rows. */
  byte[] rest() throws IOException, EngineException {
    byte[] rest = read(MAX_STATEMENT_BYTES);
    if (rest.length == MAX_STATEMENT_BYTES) {
      throw EngineException.of(
          229, "QUERY_IS_TOO_LARGE", "Query is too large: more than " + MAX_STATEMENT_BYTES);
    }
    finish();
    return rest;
  }

  /** Writes the rest to a file, after the given bytes of the beginning. */
  void spool(byte[] head, int from, Path file) throws IOException, EngineException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(head, from, head.length - from);
      byte[] buffer = new byte[1 << 17];
      for (int count = readSome(buffer); count >= 0; count = readSome(buffer)) {
        out.write(buffer, 0, count);
      }
    }
    finish();
  }

  /** Unpacking may stop before the end of the wire; only that end says that all has come. */
  private void finish() throws IOException {
    wire.drain();
  }

  private byte[] read(int limit) throws IOException, EngineException {
    try {
      return text.readNBytes(limit);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private int readSome(byte[] buffer) throws IOException, EngineException {
    try {
      return text.read(buffer);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private static EngineException damaged(IOException e) throws IOException {
    if (e instanceof WireInput.CutOffException) {
      throw e;
    }
    return e instanceof Lz4Frames.BadFrameException bad
        ? bad.error()
        : EngineException.of(271, "CANNOT_DECOMPRESS", "Cannot unpack the body: " + e.getMessage());
  }

  private static InputStream unpack(InputStream in, String encoding)
      throws IOException, EngineException {
    try {
      return switch (encoding.toLowerCase(Locale.ROOT)) {
        case "", "identity" -> in;
        case "gzip" -> new GZIPInputStream(in);
        case "lz4" -> new LZ4FrameInputStream(in);
        default ->
            throw EngineException.of(
                48, "NOT_IMPLEMENTED", "Unknown compression method: " + encoding);
      };
    } catch (IOException e) {
      throw damaged(e);
    }
  }
}
