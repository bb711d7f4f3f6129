package dev.tributary.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Tid;
import dev.tributary.postgres.types.WireFormat;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyRowTest {
  private static final String HEAD = "5047434f50590aff0d0a00" + "00000000" + "00000000";
  private static final String ROW =
      "0004"
          + "00000006"
          + "000000020011"
          + "00000004"
          + "0000002a"
          + "ffffffff"
          + "00000001"
          + "61";
  private static final List<WireFormat> FORMATS =
      Arrays.asList(WireFormat.BINARY, null, WireFormat.TEXT);

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void readsARowWithAndWithoutTheHeadInFront() {
    for (String head : List.of("", HEAD)) {
      byte[] message = bytes(head + ROW);
      int start = CopyRow.start(message);
      assertThat(CopyRow.tid(message, start)).isEqualTo(new Tid(2, 17));
      TupleData row = CopyRow.parse(message, start, FORMATS, 1);
      assertThat(row.size()).isEqualTo(3);
      assertThat(row.isBinary(0)).isTrue();
      assertThat(row.bytes()[row.start(0) + 3]).isEqualTo((byte) 42);
      assertThat(row.isNull(1)).isTrue();
      assertThat(row.isBinary(2)).isFalse();
      assertThat(row.length(2)).isEqualTo(1);
      assertThat(row.bytes()[row.start(2)]).isEqualTo((byte) 'a');
    }
  }

  @Test
  void findsNoRowInHeadAndTrailer() {
    assertThat(CopyRow.start(bytes(HEAD))).isEqualTo(-1);
    assertThat(CopyRow.start(bytes("ffff"))).isEqualTo(-1);
    assertThat(CopyRow.start(bytes(HEAD + "ffff"))).isEqualTo(-1);
  }

  @Test
  void refusesARowOfAnotherWidth() {
    byte[] message = bytes(ROW);
    assertThatThrownBy(() -> CopyRow.parse(message, 0, FORMATS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 columns");
  }
}
