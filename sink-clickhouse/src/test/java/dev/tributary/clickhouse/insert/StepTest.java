package dev.tributary.clickhouse.insert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.table.Column;
import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.RowBinary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StepTest {
  private static final TopicPartition A = new TopicPartition("a", 0);
  private static final TopicPartition B = new TopicPartition("b", 3);

  private final Rows rows =
      new Rows(List.of(new Column("v", ColumnType.Plain.STRING, "String", "", false)));

  private byte[] add(TopicPartition partition, long offset, int size) {
    RowBinary row = new RowBinary();
    byte[] bytes = new byte[size];
    new Random(offset).nextBytes(bytes);
    row.raw(bytes, 0, size);
    rows.add(row, partition, offset, null);
    return bytes;
  }

  private static byte[] body(Step.Insert insert) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    insert.writeTo(out);
    return out.toByteArray();
  }

  @Test
  void writesAHeaderAndTheRowsOfItsRange() throws IOException {
    byte[] expected = {1, 1, 'v', 6, 'S', 't', 'r', 'i', 'n', 'g'};
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    second.write(expected);
    for (int i = 0; i < 200; i++) {
      byte[] row = add(A, i, 1 + i * 37);
      if (i >= 100) {
        second.write(row);
      }
    }

    assertThat(body(Step.Insert.all(rows).halves().get(1))).isEqualTo(second.toByteArray());
  }

  @Test
  void keepsOnlyWhatPasses() throws IOException {
    add(A, 1, 10);
    byte[] kept = add(B, 1, 700_000);
    add(A, 2, 10);
    Step.Insert insert = Step.Insert.all(rows).keep((partition, offset) -> partition.equals(B));

    assertThat(insert.count()).isEqualTo(1);
    assertThat(body(insert)).endsWith(kept).hasSize(10 + kept.length);
  }

  @Test
  void namesTheRangesOfItsPartitions() {
    add(A, 5, 1);
    add(B, 7, 1);
    add(A, 6, 1);
    add(A, 9, 1);

    String token = Step.Insert.all(rows).token("c");
    assertThat(token).startsWith("c:a:0:5-9,c:b:3:7-7#");
    assertThat(Step.Insert.all(rows).withAttempt().token("c")).isEqualTo(token);
  }

  @Test
  void namesOtherRowsOfTheSameOffsetsOtherwise() {
    add(A, 5, 1);
    Rows again = new Rows(rows.columns());
    again.addFrom(rows, 0);

    assertThat(Step.Insert.all(again).token("c")).isNotEqualTo(Step.Insert.all(rows).token("c"));
  }
}
