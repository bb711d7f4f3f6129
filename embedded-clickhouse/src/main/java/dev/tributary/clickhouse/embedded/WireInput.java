package dev.tributary.clickhouse.embedded;

import com.sun.net.httpserver.HttpExchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A request's body as it comes from the client, which ends only where the client ended it: the
 * JDK's server ends a body of announced length silently when the connection breaks.
 */
final class WireInput extends FilterInputStream {

  private long missing;

  /** Thrown where the client went away in the middle: nothing may be run, nobody waits. */
  static final class CutOffException extends IOException {
    private static final long serialVersionUID = 1L;

    CutOffException(Throwable cause) {
      super("The request ended before its end", cause);
    }
  }

  WireInput(HttpExchange exchange) {
    super(exchange.getRequestBody());
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    boolean chunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
    this.missing = chunked || length == null ? 0 : Long.parseLong(length.strip());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count;
    try {
      count = in.read(target, offset, length);
    } catch (IOException e) {
      throw new CutOffException(e);
    }
    missing -= Math.max(0, count);
    if (count < 0 && missing > 0) {
      throw new CutOffException(null);
    }
    return count;
  }

  /** Reads what is left, so that the client has sent all and comes to read the answer. */
  void drain() throws IOException {
    transferTo(OutputStream.nullOutputStream());
  }

  /** Does nothing: streams that unpack this one close it before its end is known. */
  @Override
  public void close() {}
}
