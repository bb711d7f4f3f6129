package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.BatchQueue.Batch;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.junit.jupiter.api.Test;

class KafkaTransactionsTest {
  private final Requests requests = new Requests();
  private final KafkaTransactions transactions =
      new KafkaTransactions(requests, Duration.ofSeconds(60), () -> 0);

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
