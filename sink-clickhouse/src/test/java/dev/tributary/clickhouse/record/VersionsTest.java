package dev.tributary.clickhouse.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private final Versions versions = new Versions(Optional.empty(), () -> 0);

  private static long version(Versions versions, long offset, Object value) {
    SinkRecord record = new SinkRecord("t", 0, null, null, null, value, offset);
    return versions.of(record, ChangeEvent.of(record));
  }

  private static Map<String, Object> change(String op, Long lsn, String sequence) {
    Map<String, Object> source = new HashMap<>();
    source.put("lsn", lsn);
    source.put("sequence", sequence);
    Map<String, Object> envelope = new HashMap<>();
    envelope.put("op", op);
    envelope.put("after", Map.of("id", 1));
    envelope.put("source", source);
    return envelope;
  }

  @Test
  void takesThePositionInTheLogWhereThereIsOne() {
    assertThat(version(versions, 7, change("c", 100L, "[\"90\",\"100\"]"))).isEqualTo(201);
    assertThat(version(versions, 7, change("c", 100L, "[\"120\",\"100\"]"))).isEqualTo(241);
    assertThat(version(versions, 7, change("r", 100L, "[null,\"100\"]"))).isEqualTo(200);
  }

  @Test
  void putsAChangeWithoutAKnownCommitAboveTheSnapshotBeforeIt() {
    long read = version(versions, 1, change("r", 100L, "[null,\"100\"]"));

    assertThat(version(versions, 2, change("u", 90L, "[null,\"90\"]"))).isGreaterThan(read);
    assertThat(version(versions, 3, change("u", 90L, null))).isGreaterThan(read);
  }

  @Test
  void takesTheOffsetWhereThereIsNoPosition() {
    assertThat(version(versions, 7, change("c", null, null))).isEqualTo(7);
    assertThat(version(versions, 8, Map.of("id", 1))).isEqualTo(8);
    assertThat(version(versions, 9, null)).isEqualTo(9);
  }

  @Test
  void takesTheFieldThatIsConfigured() {
    Versions byField = new Versions(Optional.of(FieldPath.parse("rev")), () -> 0);

    assertThat(version(byField, 7, Map.of("rev", 3))).isEqualTo(3);
    assertThatThrownBy(() -> version(byField, 7, Map.of("id", 3)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'rev'");
    assertThatThrownBy(() -> version(byField, 7, Map.of("rev", -1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> version(byField, 7, Map.of("rev", "secret")))
        .isInstanceOf(DataException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void readsTheLastCommitOfASequence() {
    assertThat(Versions.lastCommit("[\"24023128\",\"24023130\"]")).isEqualTo(24023128);
    assertThat(Versions.lastCommit("[null,\"24023130\"]")).isZero();
    assertThat(Versions.lastCommit("nonsense")).isZero();
    assertThat(Versions.lastCommit(null)).isZero();
  }
}
