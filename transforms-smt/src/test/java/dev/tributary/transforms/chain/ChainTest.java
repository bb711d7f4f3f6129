package dev.tributary.transforms.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.slf4j.MDC;

class ChainTest {
  private static final RestoreSettings NONE = TestChains.settings(RestoreSettings.Mode.NONE);
  private static final RestoreSettings TOPIC = TestChains.settings(RestoreSettings.Mode.TOPIC);
  private int before;

  @BeforeEach
  void inATask(TestInfo test) {
    MDC.put("connector.context", "[" + test.getDisplayName() + "|task-0] ");
    before = Chain.open();
  }

  @AfterEach
  void outOfIt() {
    MDC.remove("connector.context");
  }

  private static Seat<List<Object>> join(String name, RestoreSettings restore) {
    return Chain.join(new Journal(name), Map.of("name", name), restore);
  }

  private static SinkRecord record() {
    return new SinkRecord("t", 0, null, null, null, "x", 0, 0L, TimestampType.CREATE_TIME);
  }

  private static SourceRecord sourceRecord(String value) {
    return new SourceRecord(Map.of(), Map.of("lsn", 1), "t", null, null, null, value);
  }

  @Test
  void joinsWhatOneTaskIsConfiguredWith() {
    Seat<List<Object>> a = join("A", TOPIC);
    Seat<List<Object>> b = join("B", NONE);
    assertThat(Chain.open()).isEqualTo(before + 1);
    assertThatThrownBy(
            () -> {
              b.apply(record());
              a.apply(record());
            })
        .isInstanceOf(ChainError.class)
        .hasMessage(
            "B and A stand in one connector with different settings of 'restore'; set the same");
  }

  @Test
  void keepsTasksApart() {
    Seat<List<Object>> a = join("A", NONE);
    MDC.put("connector.context", "[c|task-1] ");
    Seat<List<Object>> b = join("B", TOPIC);
    assertThat(a.apply(record()).value()).isEqualTo("A[x]");
    a.close();
    b.close();
    assertThat(Chain.open()).isEqualTo(before);
  }

  @Test
  void takesNobodyInOnceItIsUsed() {
    Seat<List<Object>> a = join("A", NONE);
    a.apply(record());
    join("B", TOPIC).close();
    assertThat(a.apply(record()).value()).isEqualTo("A[x]");
    assertThat(Chain.open()).isEqualTo(before);
  }

  @Test
  void takesNobodyInOnceItIsClosed() {
    join("A", NONE).close();
    Seat<List<Object>> b = join("B", TOPIC);
    assertThat(Chain.open()).isEqualTo(before + 1);
    b.close();
    assertThat(Chain.open()).isEqualTo(before);
  }

  @Test
  void beginsAnewWhereTheTaskIsStartedAgainWithoutHavingRun() {
    join("A", NONE);
    join("B", NONE);
    Seat<List<Object>> again = join("A", NONE);
    join("C", TOPIC).close();
    assertThat(again.apply(record()).value()).isEqualTo("A[x]");
  }

  @Test
  void forgetsWhatAStartThatFailedLeft() {
    join("A", TOPIC);
    Chain.abandon();
    Seat<List<Object>> changed = join("A2", NONE);
    assertThat(changed.apply(record()).value()).isEqualTo("A2[x]");
  }

  @Test
  void takesNoSettingsFromAMemberThatIsNeverReached() {
    join("left over from a start that failed elsewhere", TOPIC);
    Seat<List<Object>> a = join("A", NONE);
    assertThat(a.apply(record()).value()).isEqualTo("A[x]");
  }

  @Test
  void letsATransformStandAloneOutsideATask() {
    MDC.remove("connector.context");
    Seat<List<Object>> a = join("A", NONE);
    join("B", TOPIC);
    assertThat(a.apply(record()).value()).isEqualTo("A[x]");
    assertThat(Chain.open()).isEqualTo(before);
  }

  @Test
  void givesTheSameSourceRecordTheSameResultAgain() {
    Seat<List<Object>> a = join("A", NONE);
    SourceRecord record = sourceRecord("x");
    SourceRecord result = a.apply(record);
    assertThat(result.value()).isEqualTo("A[x]");
    assertThat(a.apply(record)).as("sent again after a failure").isSameAs(result);
    assertThat(a.apply(sourceRecord("x")).value())
        .as("another row, though all of it is equal")
        .isEqualTo("A[x, x]");
    a.close();
  }

  @Test
  void closesTheHistoryWithTheTask() {
    InMemoryHistory history = new InMemoryHistory(List.of());
    Seat<List<Object>> a = TestChains.on(history).add(new Journal("A"));
    a.apply(record());
    assertThat(history.closed).isFalse();
    a.close();
    assertThat(history.closed).isTrue();
  }
}
