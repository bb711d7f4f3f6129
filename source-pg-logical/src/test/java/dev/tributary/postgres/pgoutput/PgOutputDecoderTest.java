package dev.tributary.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.pgoutput.PgOutputMessage.Begin;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Commit;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Delete;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Relation;
import dev.tributary.postgres.pgoutput.PgOutputMessage.ReplicaIdentity;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Truncate;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
import dev.tributary.postgres.position.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Messages put together byte by byte, as the protocol describes them. */
class PgOutputDecoderTest {
  private static final byte[] UPDATE =
      message('U', 7, 'K', (short) 2, 't', 1, "1", 'n', 'N', (short) 2, 't', 2, "22", 'u');

  @Test
  void readsBeginAndCommit() throws Exception {
    assertThat(decode(message('B', 0x16B3748L, 0L, -1)))
        .isEqualTo(new Begin(Lsn.parse("0/16B3748"), 946_684_800_000_000L, 0xFFFF_FFFFL));
    assertThat(decode(message('C', (byte) 0, 16L, 32L, 1L)))
        .isEqualTo(new Commit(new Lsn(16), new Lsn(32), 946_684_800_000_001L));
  }

  @Test
  void readsARelation() throws Exception {
    Relation relation =
        (Relation)
            decode(message('R', 7, "public\0", "t\0", 'f', (short) 1, (byte) 1, "id\0", 23, -1));
    assertThat(relation.identity()).isEqualTo(ReplicaIdentity.FULL);
    assertThat(relation.columns()).containsExactly(new PgOutputMessage.Column("id", 23, -1, true));
  }

  @Test
  void readsTheOldKeyAndTheUnchangedValueOfAnUpdate() throws Exception {
    Update update = (Update) decode(UPDATE);
    assertThat(update.oldIsKey()).isTrue();
    assertThat(text(update.old(), 0)).isEqualTo("1");
    assertThat(update.old().isNull(1)).isTrue();
    assertThat(text(update.row(), 0)).isEqualTo("22");
    assertThat(update.row().isUnchanged(1)).isTrue();
  }

  @Test
  void readsADeleteWithBinaryValues() throws Exception {
    Delete delete = (Delete) decode(message('D', 7, 'O', (short) 1, 'b', 1, "x"));
    assertThat(delete.oldIsKey()).isFalse();
    assertThat(delete.old().isBinary(0)).isTrue();
    assertThat(text(delete.old(), 0)).isEqualTo("x");
  }

  @Test
  void readsTruncateAndMessage() throws Exception {
    assertThat(decode(message('T', 2, (byte) 3, 7, 8)))
        .isEqualTo(new Truncate(java.util.List.of(7, 8), true, true));
    Message message = (Message) decode(message('M', (byte) 1, 9L, "p\0", 2, "hi"));
    assertThat(message.prefix()).isEqualTo("p");
    assertThat(message.content().remaining()).isEqualTo(2);
  }

  @Test
  void readsOutOfADirectBuffer() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(UPDATE.length).put(UPDATE).flip();
    assertThat(((Update) PgOutputDecoder.decode(direct)).relation()).isEqualTo(7);
  }

  @Test
  void refusesEveryBeginningOfAMessageThatIsCut() {
    for (int length = 0; length < UPDATE.length; length++) {
      byte[] cut = Arrays.copyOf(UPDATE, length);
      assertThatThrownBy(() -> decode(cut)).isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void refusesBytesBehindAMessage() {
    assertThatThrownBy(() -> decode(message('B', 1L, 0L, 1, "x")))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("1 bytes behind");
  }

  @Provide
  Arbitrary<byte[]> almostMessages() {
    Arbitrary<Byte> kinds =
        Arbitraries.of(
            (byte) 'B',
            (byte) 'C',
            (byte) 'O',
            (byte) 'R',
            (byte) 'Y',
            (byte) 'I',
            (byte) 'U',
            (byte) 'D',
            (byte) 'T',
            (byte) 'M');
    Arbitrary<byte[]> rest =
        Arbitraries.oneOf(
                Arbitraries.bytes(),
                Arbitraries.of(
                    (byte) 'N', (byte) 'K', (byte) 'O', (byte) 't', (byte) 'b', (byte) 0))
            .array(byte[].class)
            .ofMaxSize(120);
    return net.jqwik.api.Combinators.combine(kinds, rest)
        .as(
            (kind, bytes) -> {
              byte[] all = new byte[bytes.length + 1];
              all[0] = kind;
              System.arraycopy(bytes, 0, all, 1, bytes.length);
              return all;
            });
  }

  @Property(tries = 20_000)
  void readsOrRefusesAnyBytes(@ForAll("almostMessages") byte[] bytes) {
    try {
      assertThat(decode(bytes)).isNotNull();
    } catch (MalformedMessageException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static PgOutputMessage decode(byte[] bytes) throws MalformedMessageException {
    return PgOutputDecoder.decode(ByteBuffer.wrap(bytes));
  }

  private static String text(TupleData row, int column) {
    return new String(row.bytes(), row.start(column), row.length(column), StandardCharsets.UTF_8);
  }

  private static byte[] message(Object... parts) {
    ByteBuffer buffer = ByteBuffer.allocate(1000);
    for (Object part : parts) {
      if (part instanceof Character c) {
        buffer.put((byte) (char) c);
      } else if (part instanceof Byte b) {
        buffer.put(b);
      } else if (part instanceof Short s) {
        buffer.putShort(s);
      } else if (part instanceof Integer i) {
        buffer.putInt(i);
      } else if (part instanceof Long l) {
        buffer.putLong(l);
      } else {
        buffer.put(part.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
