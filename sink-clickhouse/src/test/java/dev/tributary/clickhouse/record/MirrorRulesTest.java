package dev.tributary.clickhouse.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class MirrorRulesTest {
  private static final Map<String, Object> KEY = Map.of("id", 1);

  private static RowChange decide(MirrorRules rules, Object key, Object value) {
    SinkRecord record = new SinkRecord("t", 0, null, key, null, value, 7);
    return rules.decide(record, ChangeEvent.of(record));
  }

  private static MirrorRules rules(String versionField, String... keyColumns) {
    return new MirrorRules(
        new Versions(Optional.ofNullable(versionField).map(FieldPath::parse), () -> 0),
        List.of(keyColumns));
  }

  @Test
  void aTombstoneDeletesWhereRowsAreOrderedByOffset() {
    MirrorRules rules = rules(null);
    decide(rules, KEY, Map.of("id", 1, "__op", "c"));

    assertThat(decide(rules, KEY, null)).isEqualTo(new RowChange.Write(null, KEY, true, 7, "d"));
  }

  @Test
  void refusesATombstoneWhereRowsAreOrderedByTheLog() {
    MirrorRules rules = rules(null);
    decide(rules, KEY, Map.of("id", 1, "__op", "c", "__lsn", 100L));

    assertThatThrownBy(() -> decide(rules, KEY, null))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("LSN", "__deleted", "envelope");
  }

  @Test
  void refusesATombstoneWhereRowsAreOrderedByAField() {
    MirrorRules rules = rules("rev");
    decide(rules, KEY, Map.of("id", 1, "rev", 100L));

    assertThatThrownBy(() -> decide(rules, KEY, null))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("version.field");
  }

  @Test
  void skipsATombstoneBehindARewrittenDelete() {
    MirrorRules rules = rules("rev");
    decide(rules, KEY, Map.of("id", 1, "rev", 100L, "__deleted", "true"));

    assertThat(decide(rules, KEY, null)).isInstanceOf(RowChange.Skip.class);
  }

  @Test
  void takesATombstoneThatComesFirstAfterARestartToStandBehindADelete() {
    assertThat(decide(rules("rev"), KEY, null)).isInstanceOf(RowChange.Skip.class);
    assertThat(decide(rules(null, "other"), KEY, null)).isInstanceOf(RowChange.Skip.class);
  }

  @Test
  void refusesADeleteWhoseKeyDoesNotNameTheRow() {
    MirrorRules rules = rules(null, "id", "region");
    decide(rules, KEY, Map.of("id", 1, "region", "eu"));

    assertThatThrownBy(() -> decide(rules, KEY, null))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("order.by", "region");
  }
}
