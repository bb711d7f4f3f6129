package dev.tributary.transforms.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
  private static final Map<String, String> CONFIG = Map.of("key", "user");

  @TempDir private Path folder;

  private final List<SinkRecord> topic = new ArrayList<>();
  private final InMemoryHistory history = new InMemoryHistory(topic);
  private Seat<List<Object>> a;
  private Seat<List<Object>> b;

  /** Twenty records through a chain of two, with a snapshot before each of them. */
  @BeforeEach
  void writeSnapshots() {
    start();
    for (int i = 0; i < 20; i++) {
      through(store(i, "v" + i));
    }
    history.reads.clear();
  }

  private void start() {
    start(history, CONFIG);
  }

  private void start(History on, Map<String, ?> config) {
    TestChains chain = TestChains.on(on, folder);
    a = chain.add(new Journal("A"), config);
    b = chain.add(new Journal("B"), config);
  }

  private SinkRecord store(long offset, String value) {
    topic.add(record(0, offset, value));
    return record(0, offset, value);
  }

  private static SinkRecord record(int partition, long offset, String value) {
    return new SinkRecord(
        "t", partition, null, null, null, value, offset, offset * 1_000, TimestampType.CREATE_TIME);
  }

  private SinkRecord again(int index) {
    return InMemoryHistory.copy(topic.get(index));
  }

  private Object through(SinkRecord record) {
    SinkRecord at = a.apply(record);
    at = at == null ? null : b.apply(at);
    return at == null ? null : at.value();
  }

  /** What a record comes to after a start without any snapshot. */
  private Object fromTheTopicAlone(SinkRecord record) {
    TestChains chain = TestChains.on(new InMemoryHistory(topic));
    Seat<List<Object>> first = chain.add(new Journal("A"));
    Seat<List<Object>> second = chain.add(new Journal("B"));
    return second.apply(first.apply(InMemoryHistory.copy(record))).value();
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path file(long next) {
    return files().stream().filter(p -> p.endsWith(next + ".snapshot")).findFirst().orElseThrow();
  }

  private void assertRestoredFrom(long offset, SinkRecord record) {
    start();
    assertThat(through(InMemoryHistory.copy(record))).isEqualTo(fromTheTopicAlone(record));
    assertThat(history.reads).last().isEqualTo("t-0 " + offset + ".." + (record.kafkaOffset() + 1));
  }

  @Test
  void readsOnlyWhatCameAfterTheLatest() {
    assertRestoredFrom(19, store(25, "x"));
    assertThat(history.reads).as("the last record of it, and the rest").hasSize(2);
  }

  @Test
  void keepsTheTwoLatest() {
    assertThat(files())
        .extracting(p -> p.getFileName().toString())
        .containsExactlyInAnyOrder("18.snapshot", "19.snapshot");
  }

  @Test
  void writesOneAnIntervalAndTakesNoMoreThanAHundredthOfTheTime() throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
    AtomicLong now = new AtomicLong();
    long tick = Duration.ofMillis(10).toNanos();
    // the clock goes on while one looks at it, so that writing one takes a tick
    TestChains chain =
        TestChains.on(history, folder, Duration.ofMillis(500), () -> now.getAndAdd(tick));
    a = chain.add(new Journal("A"));
    a.apply(store(20, "w"));
    a.apply(store(21, "x"));
    assertThat(files()).isEmpty();
    now.addAndGet(50 * tick);
    a.apply(store(22, "y"));
    assertThat(files()).extracting(p -> p.getFileName().toString()).containsExactly("22.snapshot");
    now.addAndGet(70 * tick);
    a.apply(store(23, "z"));
    assertThat(files()).as("more than the interval, less than a hundred ticks").hasSize(1);
    now.addAndGet(40 * tick);
    a.apply(store(24, "v"));
    assertThat(files()).hasSize(2);
  }

  @Test
  void writesOneAtTheEnd() {
    a.close();
    assertRestoredFrom(20, store(25, "x"));
  }

  @Test
  void usesTheOneBeforeWhereTheLatestIsPastTheRecordInHand() {
    assertRestoredFrom(18, again(18));
    assertRestoredFrom(0, again(17));
  }

  @Test
  void changesNothingByBeingDeleted() throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
    assertRestoredFrom(0, store(25, "x"));
  }

  @Test
  void leavesOutTornOnes() throws IOException {
    byte[] bytes = Files.readAllBytes(file(19));
    for (int length = 0; length < bytes.length; length += 7) {
      Files.write(file(19), Arrays.copyOf(bytes, length));
      assertRestoredFrom(18, again(19));
      Files.write(file(19), bytes); // which the run above may have replaced
    }
    for (int at = 0; at < bytes.length; at += 5) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 4;
      Files.write(file(19), flipped);
      assertRestoredFrom(18, again(19));
    }
  }

  @Test
  void leavesOutThoseOfOtherSettings() throws IOException {
    byte[] foreign = Files.readAllBytes(file(19));
    Map<String, String> other = Map.of("key", "customer");
    start(history, other);
    SinkRecord next = store(20, "x");
    through(InMemoryHistory.copy(next));
    assertThat(history.reads).as("nothing in their place").endsWith("t-0 0..21");
    // nor where somebody moves them there
    Path theirs = folderOf(other);
    for (Path own : files()) {
      Files.delete(own);
    }
    Files.write(theirs.resolve("19.snapshot"), foreign);
    start(history, other);
    through(InMemoryHistory.copy(next));
    assertThat(history.reads).endsWith("t-0 0..21");
  }

  private Path folderOf(Map<String, ?> config) {
    String fingerprint =
        Fingerprint.of(
            List.of(new Journal("A"), new Journal("B")), List.<Map<String, ?>>of(config, config));
    return folder.resolve(fingerprint.substring(0, 16)).resolve("t").resolve("0");
  }

  @Test
  void fingerprintsTellSettingsOrderAndPlacesApartButNotTheRestore() {
    Journal journal = new Journal("A");
    List<Stateful<?>> two = List.of(journal, journal);
    String one = Fingerprint.of(two, List.of(Map.of("a", "1"), Map.of("a", "2")));
    assertThat(Fingerprint.of(two, List.of(Map.of("a", "2"), Map.of("a", "1")))).isNotEqualTo(one);
    assertThat(Fingerprint.of(List.of(journal), List.of(Map.of("a", "1")))).isNotEqualTo(one);
    Map<String, String> elsewhere =
        Map.of("a", "1", "restore.bootstrap.servers", "x:1", "restore.timeout", "9m");
    assertThat(Fingerprint.of(two, List.of(elsewhere, Map.of("a", "2")))).isEqualTo(one);
    Map<String, String> converter = Map.of("a", "1", "restore.value.converter.x", "y");
    assertThat(Fingerprint.of(two, List.of(converter, Map.of("a", "2")))).isNotEqualTo(one);
  }

  @Test
  void leavesOutThoseOfAnotherPartition() throws IOException {
    Path other = file(19).getParent().resolveSibling("1");
    Files.createDirectories(other);
    Files.copy(file(19), other.resolve("19.snapshot"));
    for (int i = 0; i < 25; i++) {
      topic.add(record(1, i, "w" + i));
    }
    start();
    assertThat(a.apply(record(1, 24, "w24")).value()).asString().doesNotContain("v1");
    assertThat(history.reads).endsWith("t-1 0..25");
  }

  @Test
  void leavesOutThoseOfATopicThatWasMadeAnew() {
    history.topicId = "another";
    assertRestoredFrom(0, store(25, "x"));
  }

  @Test
  void leavesOutThoseWhoseLastRecordIsAnotherNow() {
    topic.set(18, record(0, 18, "written over, as after an unclean election"));
    assertRestoredFrom(18, again(19));
    topic.set(17, record(0, 17, "written over, too"));
    topic.set(18, record(0, 18, "written over once more"));
    assertRestoredFrom(0, again(19));
  }

  @Test
  void leavesOutThoseThatHoldWhatTheTopicDoesNotAnyMore() {
    topic.subList(0, 5).clear();
    assertRestoredFrom(0, store(25, "x"));
    assertThat(through(store(26, "y")).toString()).doesNotContain("v4");
  }

  @Test
  void usesThemWhereRetentionHasDeletedNothingThatMatters() {
    TestChains chain = TestChains.on(history, folder);
    Journal journal = new Journal("A", OptionalLong.of(3_000));
    a = chain.add(journal);
    a.apply(store(20, "w"));
    a.apply(store(21, "x"));
    a.apply(store(22, "y"));
    topic.subList(0, 5).clear();
    TestChains next = TestChains.on(history, folder);
    a = next.add(new Journal("A", OptionalLong.of(3_000)));
    assertThat(a.apply(store(23, "z")).value()).isEqualTo("A[v17, v18, v19, w, x, y, z]");
    assertThat(history.reads).endsWith("t-0 22..24");
  }

  @Test
  void makesNoneOfTopicsThatCannotBeToldFromOthers() throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
    history.topicId = null;
    start();
    through(store(20, "x"));
    through(store(21, "y"));
    through(store(22, "z"));
    assertThat(files()).isEmpty();
  }

  @Test
  void aRestoreThatIsCutOffGoesOnWhereItWas() throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
    history.failsAt = 12;
    start();
    SinkRecord record = store(20, "x");
    assertThatThrownBy(() -> a.apply(record)).isInstanceOf(ChainError.class);
    history.failsAt = Long.MAX_VALUE;
    assertRestoredFrom(12, again(20));
  }

  @Test
  void makesNoneInTheMiddleOfAChain() {
    SinkRecord inBetween = a.apply(store(20, "x"));
    assertThat(inBetween).isNotNull();
    a.close(); // as where something fails between the two
    assertRestoredFrom(20, store(21, "y"));
  }

  @Test
  void goesOnWithoutWhereAMemberWritesNoneOrHasWhatCannotBeWritten() throws IOException {
    for (Path file : files()) {
      Files.delete(file);
    }
    TestChains chain = TestChains.on(history, folder);
    Stateful<List<Object>> silent = new Silent(new Journal("A"));
    a = chain.add(silent);
    a.apply(store(20, "w"));
    a.apply(store(21, "x"));
    assertThat(a.apply(store(22, "y")).value()).asString().endsWith("x, y]");
    assertThat(files()).isEmpty();

    topic.add(
        new SinkRecord(
            "t", 0, null, null, null, new AtomicInteger(7), 23, 0L, TimestampType.CREATE_TIME));
    start();
    through(again(23));
    through(store(24, "v"));
    assertThat(through(store(25, "u"))).asString().endsWith("7, v, u]]");
    assertThat(files()).extracting(p -> p.getFileName().toString()).contains("23.snapshot");
    assertThat(files()).extracting(p -> p.getFileName().toString()).doesNotContain("24.snapshot");
  }

  @Test
  void goesOnWithoutWhereTheFolderCannotBeWritten() throws IOException {
    Path file = Files.createFile(folder.resolve("in-the-way"));
    TestChains chain = TestChains.on(history, file);
    a = chain.add(new Journal("A"));
    a.apply(store(20, "w"));
    a.apply(store(21, "x"));
    assertThat(a.apply(store(22, "y")).value()).asString().endsWith("x, y]");
  }

  @Test
  void aTaskThatNobodyWaitsForAnyMoreDoesNoHarm() {
    Seat<List<Object>> old = a;
    start();
    through(store(20, "w"));
    through(store(21, "x"));
    through(store(22, "y"));
    old.close(); // before offset 20, later than the others'
    assertRestoredFrom(22, store(23, "z"));
    assertRestoredFrom(20, again(20));
  }

  @Test
  void deletesWhatIsOldWhoeverWroteIt() throws IOException {
    Path foreign = folder.resolve("0123456789abcdef/u/3/7.snapshot");
    Path unfinished = foreign.resolveSibling("x.tmp");
    Path other = foreign.resolveSibling("keep.txt");
    Files.createDirectories(foreign.getParent());
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(8)));
    for (Path path : List.of(foreign, unfinished, other)) {
      Files.setLastModifiedTime(Files.createFile(path), old);
    }
    start();
    through(store(20, "x"));
    through(store(21, "y"));
    through(store(22, "z"));
    assertThat(foreign).doesNotExist();
    assertThat(unfinished).doesNotExist();
    assertThat(other).exists();
  }

  /** A member that writes no snapshots. */
  private record Silent(Journal journal) implements Stateful<List<Object>> {
    @Override
    public String describe() {
      return journal.describe();
    }

    @Override
    public List<Object> newState(TopicPartition partition) {
      return journal.newState(partition);
    }

    @Override
    public <R extends ConnectRecord<R>> R process(R record, List<Object> state) {
      return journal.process(record, state);
    }

    @Override
    public <R extends ConnectRecord<R>> void absorb(R record, List<Object> state) {
      journal.absorb(record, state);
    }

    @Override
    public <R extends ConnectRecord<R>> R repeat(R record, List<Object> state) {
      return journal.repeat(record, state);
    }

    @Override
    public Object reading(ConnectRecord<?> record) {
      return journal.reading(record);
    }

    @Override
    public OptionalLong eventTime(ConnectRecord<?> record) {
      return journal.eventTime(record);
    }

    @Override
    public OptionalLong reachMs() {
      return journal.reachMs();
    }
  }
}
