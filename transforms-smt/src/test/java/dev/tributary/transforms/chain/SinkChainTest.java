package dev.tributary.transforms.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class SinkChainTest {
  private final List<SinkRecord> topic = new ArrayList<>();
  private final InMemoryHistory history = new InMemoryHistory(topic);
  private Seat<List<Object>> a;
  private Seat<List<Object>> b;
  private Seat<List<Object>> c;

  private SinkRecord store(long offset, String value) {
    SinkRecord record =
        new SinkRecord(
            "t", 0, null, null, null, value, offset, offset * 1_000_000, TimestampType.CREATE_TIME);
    topic.add(record);
    return InMemoryHistory.copy(record);
  }

  private SinkRecord again(int index) {
    return InMemoryHistory.copy(topic.get(index));
  }

  private void chainOfOne() {
    a = TestChains.on(history).add(new Journal("A"));
  }

  private void chainOfTwo() {
    TestChains chain = TestChains.on(history);
    a = chain.add(new Journal("A"));
    b = chain.add(new Journal("B"));
  }

  private void chainOfThree() {
    TestChains chain = TestChains.on(history);
    a = chain.add(new Journal("A"));
    b = chain.add(new Journal("B"));
    c = chain.add(new Journal("C"));
  }

  private Object through(SinkRecord record, List<Seat<List<Object>>> seats) {
    SinkRecord at = record;
    for (Seat<List<Object>> seat : seats) {
      at = at == null ? null : seat.apply(at);
    }
    return at == null ? null : at.value();
  }

  @Test
  void beginsWithTheRecordsBeforeTheFirst() {
    store(3, "x");
    store(4, "y");
    chainOfOne();
    assertThat(a.apply(store(7, "z")).value()).isEqualTo("A[x, y, z]");
    assertThat(a.apply(store(8, "w")).value()).isEqualTo("A[x, y, z, w]");
    assertThat(history.reads).containsExactly("t-0 0..8");
  }

  @Test
  void fillsAGapFromTheTopicAndNothingElse() {
    chainOfOne();
    a.apply(store(0, "x"));
    store(1, "missed");
    assertThat(a.apply(store(5, "y")).value()).isEqualTo("A[x, missed, y]");
    assertThat(history.reads).containsExactly("t-0 0..1", "t-0 1..5");
  }

  @Test
  void givesARewoundRecordWhatItGotTheFirstTime() {
    chainOfTwo();
    List<Object> first = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      first.add(through(store(i, "v" + i), List.of(a, b)));
    }
    for (int i = 2; i < 6; i++) {
      assertThat(through(again(i), List.of(a, b))).isEqualTo(first.get(i));
    }
    assertThat(history.reads).as("for the first record").hasSize(1);
    assertThat(through(store(6, "v6"), List.of(a, b)))
        .isEqualTo(fromScratch(() -> through(again(6), List.of(a, b))));
  }

  @Test
  void makesTheStateAgainForARewindFurtherBack() {
    chainOfTwo();
    List<Object> first = new ArrayList<>();
    int records = 2 * TestChains.RECENT_RECORDS;
    for (int i = 0; i < records; i++) {
      first.add(through(store(i, "v" + i), List.of(a, b)));
    }
    int oldest = records - TestChains.RECENT_RECORDS;
    assertThat(through(again(oldest), List.of(a, b))).isEqualTo(first.get(oldest));
    assertThat(history.reads).hasSize(1);
    for (int i = oldest - 1; i < records; i++) {
      assertThat(through(again(i), List.of(a, b))).isEqualTo(first.get(i));
    }
    assertThat(history.reads).containsExactly("t-0 0..1", "t-0 0..10");
  }

  @Test
  void restoresOnceThoughTheConsumerLosesThePartitionMeanwhile() {
    store(0, "x");
    chainOfTwo();
    SinkRecord inHand = store(1, "y");
    Object first = through(InMemoryHistory.copy(inHand), List.of(a, b));
    assertThat(through(InMemoryHistory.copy(inHand), List.of(a, b))).isEqualTo(first);
    assertThat(through(store(2, "z"), List.of(a, b))).isEqualTo("B[A[x], A[x, y], A[x, y, z]]");
    assertThat(history.reads).containsExactly("t-0 0..2");
  }

  @Test
  void dropsAndRefusesAgainWhatItDroppedAndRefused() {
    chainOfTwo();
    through(store(0, "drop"), List.of(a, b));
    SinkRecord bad = store(1, "bad");
    assertThatThrownBy(() -> a.apply(bad)).isInstanceOf(DataException.class);
    Object last = through(store(2, "x"), List.of(a, b));
    assertThat(through(again(0), List.of(a, b))).isNull();
    assertThatThrownBy(() -> a.apply(again(1))).isInstanceOf(DataException.class);
    assertThat(through(again(2), List.of(a, b))).isEqualTo(last);
    assertThat(history.reads).hasSize(1);
  }

  @Test
  void givesOutNothingOldForATopicThatWasMadeAnew() {
    chainOfOne();
    a.apply(store(0, "x"));
    a.apply(store(1, "y"));
    topic.clear();
    SinkRecord other =
        new SinkRecord("t", 0, null, null, null, "new", 0, 77L, TimestampType.CREATE_TIME);
    topic.add(other);
    assertThat(a.apply(InMemoryHistory.copy(other)).value()).isEqualTo("A[new]");
  }

  @Test
  void goesOnWithARecordThatRetentionHasDeletedMeanwhile() {
    SinkRecord inHand = store(0, "x");
    store(3, "y");
    topic.remove(0);
    chainOfOne();
    assertThat(a.apply(inHand).value()).isEqualTo("A[x]");
  }

  @Test
  void refusesARecordThatIsNotInTheTopic() {
    store(0, "x");
    SinkRecord aborted = store(1, "aborted");
    topic.remove(1);
    chainOfOne();
    assertThatThrownBy(() -> a.apply(aborted))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("topic 't', partition 0, offset 1")
        .hasMessageContaining("consumer.override.isolation.level=read_committed")
        .hasMessageContaining("compaction");
  }

  @Test
  void refusesAForeignTransformInBetweenWhereARecordComesAgain() {
    chainOfTwo();
    through(store(0, "x"), List.of(a, b));
    SinkRecord of = a.apply(again(0));
    assertThatThrownBy(() -> b.apply(withValue(of, "changed")))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("stands before B");
  }

  @Test
  void restoresThoseBehindFromWhatTheFirstMakesOfTheHistory() {
    chainOfTwo();
    through(store(0, "x"), List.of(a, b));
    through(store(1, "y"), List.of(a, b));
    Object live = through(store(2, "z"), List.of(a, b));
    chainOfTwo();
    assertThat(through(again(2), List.of(a, b))).isEqualTo(live);
    assertThat(live).isEqualTo("B[A[x], A[x, y], A[x, y, z]]");
  }

  @Test
  void countsWhatIsDroppedAndRefusedAsDoneInAllMembers() {
    chainOfTwo();
    through(store(0, "x"), List.of(a, b));
    through(store(1, "drop"), List.of(a, b));
    SinkRecord bad = store(2, "bad");
    assertThatThrownBy(() -> a.apply(bad)).isInstanceOf(DataException.class);
    Object live = through(store(3, "y"), List.of(a, b));
    assertThat(live).isEqualTo("B[A[x], A[x, drop, y]]");
    chainOfTwo();
    assertThat(through(again(3), List.of(a, b))).isEqualTo(live);
  }

  @Test
  void leavesOutHistoryThatCannotBeReadAsItIsSkippedLive() {
    store(0, "x");
    store(1, "garbage");
    history.unreadable.add(1L);
    chainOfOne();
    assertThat(a.apply(store(2, "y")).value()).isEqualTo("A[x, y]");
  }

  @Test
  void refusesAConverterThatCannotReadTheRecordInHand() {
    SinkRecord record = store(0, "x");
    history.unreadable.add(0L);
    chainOfOne();
    assertThatThrownBy(() -> a.apply(record))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("topic 't', partition 0, offset 0")
        .hasMessageContaining("restore.value.converter")
        .hasMessageNotContaining("quotes the record");
  }

  @Test
  void refusesAForeignTransformBeforeItThatChangesWhatItReads() {
    SinkRecord record = store(0, "x");
    chainOfOne();
    assertThatThrownBy(() -> a.apply(withValue(record, "changed")))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("place Tributary's transforms first");
  }

  @Test
  void refusesAForeignTransformInBetween() {
    chainOfTwo();
    SinkRecord of = a.apply(store(0, "x"));
    assertThatThrownBy(() -> b.apply(withValue(of, "changed")))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("a transform that is not Tributary's stands before B")
        .hasMessageContaining("Move it");
  }

  @Test
  void refusesAFilterInBetween() {
    chainOfTwo();
    through(store(0, "x"), List.of(a, b));
    a.apply(store(1, "filtered"));
    SinkRecord of = a.apply(store(2, "y"));
    assertThatThrownBy(() -> b.apply(of))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("pass B by");
  }

  @Test
  void refusesAFilterInBetweenBeforeAGapToo() {
    chainOfTwo();
    through(store(0, "x"), List.of(a, b));
    a.apply(store(1, "filtered"));
    SinkRecord record = store(5, "y");
    assertThatThrownBy(() -> a.apply(record))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("pass B by");
  }

  @Test
  void refusesAPredicateThatLetsSomeRecordsPassTheFirst() {
    chainOfTwo();
    through(store(0, "x"), List.of(a, b));
    SinkRecord record = store(1, "y");
    assertThatThrownBy(() -> b.apply(record))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("pass A by");

    chainOfTwo();
    b.apply(store(2, "z"));
    SinkRecord next = store(3, "w");
    assertThatThrownBy(() -> a.apply(next))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("pass A by");
  }

  @Test
  void leavesOutAMemberThatATopicNeverPasses() {
    store(0, "x");
    chainOfThree();
    List<Seat<List<Object>>> withoutB = List.of(a, c);
    assertThat(through(store(1, "y"), withoutB)).isEqualTo("C[A[x], A[x, y]]");
    assertThat(through(store(2, "z"), withoutB)).isEqualTo("C[A[x], A[x, y], A[x, y, z]]");
    store(3, "missed");
    Object live = through(store(5, "v"), withoutB);
    assertThat(through(again(5 - 1), withoutB)).isEqualTo(live);
    SinkRecord next = a.apply(store(6, "u"));
    assertThatThrownBy(() -> b.apply(next)).isInstanceOf(ChainError.class);
  }

  @Test
  void goesOnWithoutALastMemberThatATopicNeverPasses() {
    chainOfTwo();
    assertThat(through(store(0, "x"), List.of(a))).isEqualTo("A[x]");
    assertThat(through(store(3, "y"), List.of(a))).isEqualTo("A[x, y]");
    assertThat(through(again(0), List.of(a))).isEqualTo("A[x]");
  }

  @Test
  void letsTheSecondLeadWhereATopicNeverPassesTheFirst() {
    store(0, "x");
    chainOfTwo();
    assertThat(through(store(1, "y"), List.of(b))).isEqualTo("B[x, y]");
  }

  @Test
  void readsNoFurtherBackThanTheWindowsReach() {
    for (int i = 0; i < 100; i++) {
      store(i, "v" + i);
    }
    // records are 1,000 s apart
    a = TestChains.on(history).add(new Journal("A", OptionalLong.of(3_500_000)));
    a.apply(store(100, "z"));
    assertThat(history.reads).containsExactly("t-0 97..101");
  }

  @Test
  void readsNoMoreOfALongGapThanTheWindowsReach() {
    a = TestChains.on(history).add(new Journal("A", OptionalLong.of(3_500_000)));
    a.apply(store(0, "x"));
    store(19_998, "u");
    store(19_999, "v");
    assertThat(a.apply(store(20_000, "w")).value()).isEqualTo("A[u, v, w]");
    assertThat(history.reads).containsExactly("t-0 0..1", "t-0 19998..20001");
  }

  @Test
  void readsALongGapWhereAllMatters() {
    chainOfOne();
    a.apply(store(0, "x"));
    assertThat(a.apply(store(20_000, "y")).value()).isEqualTo("A[x, y]");
    assertThat(history.reads).containsExactly("t-0 0..1", "t-0 1..20000");
  }

  @Test
  void dropsTheStateOfAPartitionThatHasMovedAwayAndMakesItAgain() {
    SinkChain chain = new SinkChain(List.of(new Journal("A")), history, null, 5, 32);
    chain.apply(0, store(0, "x"));
    chain.apply(0, store(1, "y"));
    for (int i = 0; i < 40; i++) {
      chain.apply(0, other(i));
    }
    assertThat(chain.apply(0, store(2, "z")).value()).isEqualTo("A[x, y, z]");
    assertThat(history.reads).as("still known").containsExactly("t-0 0..1", "other-0 0..1");
    for (int i = 40; i < 100; i++) {
      chain.apply(0, other(i));
    }
    assertThat(history.reads).contains("t-0 forgotten").doesNotContain("other-0 forgotten");
    assertThat(chain.apply(0, store(3, "w")).value()).isEqualTo("A[x, y, z, w]");
    assertThat(history.reads).endsWith("t-0 0..4");
  }

  private SinkRecord other(long offset) {
    SinkRecord record =
        new SinkRecord(
            "other", 0, null, null, null, "o", offset, offset, TimestampType.CREATE_TIME);
    topic.add(record);
    return InMemoryHistory.copy(record);
  }

  @Test
  void readsAllWhereTheRecordInHandTellsNoEventTime() {
    store(0, "x");
    a = TestChains.on(history).add(new Journal("A", OptionalLong.of(1)));
    a.apply(store(50, "no event"));
    assertThat(history.reads).containsExactly("t-0 0..51");
  }

  @Test
  void restoresNothingAndRepeatsWithoutAChangeIfSoAsked() {
    a = TestChains.withoutRestore().add(new Journal("A"));
    store(0, "unseen");
    assertThat(a.apply(store(1, "x")).value()).isEqualTo("A[x]");
    assertThat(a.apply(store(5, "y")).value()).isEqualTo("A[x, y]");
    assertThat(a.apply(again(1)).value()).as("again").isEqualTo("A[x, y]");
    assertThat(a.apply(store(6, "z")).value()).isEqualTo("A[x, y, z]");
  }

  private Object fromScratch(Supplier<Object> work) {
    chainOfTwo();
    return work.get();
  }

  private static SinkRecord withValue(SinkRecord r, Object value) {
    return r.newRecord(r.topic(), r.kafkaPartition(), null, null, null, value, r.timestamp());
  }
}
