package dev.tributary.postgres.pgoutput;

import dev.tributary.postgres.pgoutput.PgOutputMessage.Begin;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Column;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Commit;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Delete;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Insert;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Origin;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Relation;
import dev.tributary.postgres.pgoutput.PgOutputMessage.ReplicaIdentity;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Truncate;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
import dev.tributary.postgres.position.Lsn;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code pgoutput} messages, protocol version 1. Stateless.
 *
 * <p>A message's rows are slices of the buffer's array, so the buffer must not be written to after
 * it was decoded.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">
 *     Logical Replication Message Formats</a>
 */
public final class PgOutputDecoder {
  /** Microseconds from 1970-01-01 to 2000-01-01, where Postgres counts from. */
  private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

  private PgOutputDecoder() {}

  /**
   * Reads one message, which must fill the buffer.
   *
   * @param buffer from its position to its limit; its position is undefined afterwards
   * @throws MalformedMessageException for anything that is no message
   */
  public static PgOutputMessage decode(ByteBuffer buffer) throws MalformedMessageException {
    ByteBuffer in = buffer;
    if (!in.hasArray()) {
      in = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
    }
    int start = in.position();
    try {
      PgOutputMessage message = message(in);
      if (in.hasRemaining()) {
        throw new MalformedMessageException(
            in.remaining() + " bytes behind a " + message.getClass().getSimpleName());
      }
      return message;
    } catch (BufferUnderflowException e) {
      throw new MalformedMessageException(
          "the message ends after " + (in.limit() - start) + " bytes, in the middle of a field", e);
    }
  }

  private static PgOutputMessage message(ByteBuffer in) throws MalformedMessageException {
    byte kind = in.get();
    return switch (kind) {
      case 'B' -> new Begin(lsn(in), timestamp(in), in.getInt() & 0xFFFF_FFFFL);
      case 'C' -> commit(in);
      case 'O' -> new Origin(lsn(in), string(in));
      case 'R' -> relation(in);
      case 'Y' -> new PgOutputMessage.Type(in.getInt(), string(in), string(in));
      case 'I' -> insert(in);
      case 'U' -> update(in);
      case 'D' -> delete(in);
      case 'T' -> truncate(in);
      case 'M' -> logicalMessage(in);
      default ->
          throw new MalformedMessageException(
              String.format("no message of protocol version 1 starts with 0x%02X", kind));
    };
  }

  private static Commit commit(ByteBuffer in) {
    in.get(); // flags, none in use
    return new Commit(lsn(in), lsn(in), timestamp(in));
  }

  private static Relation relation(ByteBuffer in) throws MalformedMessageException {
    int oid = in.getInt();
    String schema = string(in);
    String table = string(in);
    ReplicaIdentity identity = identity(in.get());
    int count = in.getShort() & 0xFFFF;
    List<Column> columns = new ArrayList<>(Math.min(count, in.remaining()));
    for (int i = 0; i < count; i++) {
      boolean inIdentity = (in.get() & 1) != 0;
      columns.add(new Column(string(in), in.getInt(), in.getInt(), inIdentity));
    }
    // pg_catalog is sent as the empty string
    return new Relation(oid, schema.isEmpty() ? "pg_catalog" : schema, table, identity, columns);
  }

  private static ReplicaIdentity identity(byte code) throws MalformedMessageException {
    return switch (code) {
      case 'd' -> ReplicaIdentity.DEFAULT;
      case 'n' -> ReplicaIdentity.NOTHING;
      case 'f' -> ReplicaIdentity.FULL;
      case 'i' -> ReplicaIdentity.INDEX;
      default ->
          throw new MalformedMessageException(String.format("0x%02X is no replica identity", code));
    };
  }

  private static Insert insert(ByteBuffer in) throws MalformedMessageException {
    int relation = in.getInt();
    expect(in, 'N');
    return new Insert(relation, tuple(in));
  }

  private static Update update(ByteBuffer in) throws MalformedMessageException {
    int relation = in.getInt();
    byte kind = in.get();
    TupleData old = null;
    if (kind == 'K' || kind == 'O') {
      old = tuple(in);
      expect(in, 'N');
    } else if (kind != 'N') {
      throw new MalformedMessageException(
          String.format("0x%02X instead of a row of an update", kind));
    }
    return new Update(relation, old, kind == 'K', tuple(in));
  }

  private static Delete delete(ByteBuffer in) throws MalformedMessageException {
    int relation = in.getInt();
    byte kind = in.get();
    if (kind != 'K' && kind != 'O') {
      throw new MalformedMessageException(
          String.format("0x%02X instead of the row of a delete", kind));
    }
    return new Delete(relation, tuple(in), kind == 'K');
  }

  private static Truncate truncate(ByteBuffer in) throws MalformedMessageException {
    int count = in.getInt();
    byte options = in.get();
    if (count < 0 || count > in.remaining() / Integer.BYTES) {
      throw new MalformedMessageException("a truncate of " + count + " relations");
    }
    List<Integer> relations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      relations.add(in.getInt());
    }
    return new Truncate(relations, (options & 1) != 0, (options & 2) != 0);
  }

  private static Message logicalMessage(ByteBuffer in) throws MalformedMessageException {
    boolean transactional = (in.get() & 1) != 0;
    Lsn lsn = lsn(in);
    String prefix = string(in);
    int length = length(in);
    byte[] content = new byte[length]; // by itself: converters take the array behind the buffer
    in.get(content);
    return new Message(transactional, lsn, prefix, ByteBuffer.wrap(content));
  }

  private static void expect(ByteBuffer in, char kind) throws MalformedMessageException {
    byte found = in.get();
    if (found != kind) {
      throw new MalformedMessageException(
          String.format("0x%02X where a row starts with '%c'", found, kind));
    }
  }

  private static TupleData tuple(ByteBuffer in) throws MalformedMessageException {
    int count = in.getShort() & 0xFFFF;
    if (count > in.remaining()) {
      throw new MalformedMessageException("a row of " + count + " columns in fewer bytes");
    }
    int[] spans = new int[2 * count];
    for (int i = 0; i < spans.length; i += 2) {
      byte kind = in.get();
      switch (kind) {
        case 'n' -> spans[i + 1] = TupleData.NULL;
        case 'u' -> spans[i + 1] = TupleData.UNCHANGED;
        case 't', 'b' -> {
          int length = length(in);
          int start = in.arrayOffset() + in.position();
          spans[i] = kind == 'b' ? ~start : start;
          spans[i + 1] = length;
          in.position(in.position() + length);
        }
        default ->
            throw new MalformedMessageException(
                String.format("0x%02X is no kind of column value", kind));
      }
    }
    return new TupleData(in.array(), spans);
  }

  private static int length(ByteBuffer in) throws MalformedMessageException {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new MalformedMessageException(
          "a value of " + length + " bytes where " + in.remaining() + " are left");
    }
    return length;
  }

  private static Lsn lsn(ByteBuffer in) {
    return new Lsn(in.getLong());
  }

  private static long timestamp(ByteBuffer in) {
    return in.getLong() + POSTGRES_EPOCH_MICROS;
  }

  private static String string(ByteBuffer in) throws MalformedMessageException {
    int start = in.position();
    while (in.hasRemaining()) {
      if (in.get() == 0) {
        int length = in.position() - 1 - start;
        return new String(in.array(), in.arrayOffset() + start, length, StandardCharsets.UTF_8);
      }
    }
    throw new MalformedMessageException("a name without an end");
  }
}
