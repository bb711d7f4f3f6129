package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.BatchQueue.Batch;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.junit.jupiter.api.Test;

class KafkaTransactionsTest {
  private final Requests requests = new Requests();
  private long now;
  private final KafkaTransactions transactions = transactions(Optional.of(Duration.ofSeconds(60)));

  private KafkaTransactions transactions(Optional<Duration> timeout) {
    return new KafkaTransactions(requests, timeout, () -> now);
  }

  private static final class Requests implements TransactionContext {
    private int commits;

    @Override
    public void commitTransaction() {
      commits++;
    }

    @Override
    public void commitTransaction(SourceRecord record) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void abortTransaction() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void abortTransaction(SourceRecord record) {
      throw new UnsupportedOperationException();
    }
  }

  private static SourceRecord record(int i) {
    ConnectHeaders headers = new ConnectHeaders();
    headers.addInt("h", i);
    return new SourceRecord(
        Map.of("p", 1), Map.of("o", i), "t", 0, null, i, null, "v" + i, 5L, headers);
  }

  @Test
  void commitsBehindACompleteBatchOnly() {
    transactions.bounded(new Batch(List.of(record(1)), 1, false));
    assertThat(requests.commits).isZero();
    transactions.bounded(new Batch(List.of(), 0, true));
    assertThat(requests.commits).isEqualTo(1);
  }

  @Test
  void endsTheTaskWithACureWhereTheBrokerAbortsTheTransaction() {
    transactions.bounded(new Batch(List.of(record(1)), 1, false));
    now = Duration.ofSeconds(60).toNanos();
    transactions.bounded(new Batch(List.of(record(2)), 1, false));
    now++;
    assertThatThrownBy(() -> transactions.bounded(new Batch(List.of(record(3)), 1, false)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContainingAll("3 records", "60000 ms", "producer.override.transaction.timeout");
  }

  @Test
  void ofTwoTransactionsEachHasItsOwnTime() {
    transactions.bounded(new Batch(List.of(record(1)), 1, false));
    now = Duration.ofSeconds(50).toNanos();
    transactions.bounded(new Batch(List.of(record(2)), 1, true));
    transactions.bounded(new Batch(List.of(record(3)), 1, false));
    now = Duration.ofSeconds(100).toNanos();
    transactions.bounded(new Batch(List.of(record(4)), 1, true));
    assertThat(requests.commits).isEqualTo(2);
  }

  @Test
  void leavesItToTheProducerWhereTheConfigDoesNotTellTheTime() {
    KafkaTransactions unknown = transactions(Optional.empty());
    unknown.bounded(new Batch(List.of(record(1)), 1, false));
    now = Duration.ofHours(1).toNanos();
    unknown.bounded(new Batch(List.of(record(2)), 1, true));
    assertThat(requests.commits).isEqualTo(1);
  }

  @Test
  void changesNothingInTheRecordsAndLetsTheWorkerKeepOneOfThem() {
    List<SourceRecord> bounded =
        transactions.bounded(new Batch(List.of(record(1), record(2)), 2, true));
    assertThat(bounded.get(1))
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Class.class)
        .isEqualTo(record(2));
    assertThat(bounded.get(1).headers()).isEqualTo(record(2).headers());
    Set<SourceRecord> kept = new HashSet<>(bounded);
    assertThat(kept).hasSize(1);
  }
}
