package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What JMX shows of a task on a real server. */
class SourceMetricsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final MBeanServer JMX = ManagementFactory.getPlatformMBeanServer();

  private static ObjectName name(String context) throws JMException {
    return new ObjectName(
        "tributary.postgres:type=connector-metrics,context=" + context + ",server=shop,task=0");
  }

  private static Object get(String context, String attribute) throws JMException {
    return JMX.getAttribute(name(context), attribute);
  }

  private static long count(String attribute) throws JMException {
    return (long) get("streaming", attribute);
  }

  @Test
  void showsAnIncrementalSnapshotThatIsRead() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Servers.execute(
          server,
          "create table t(id int primary key); insert into t select generate_series(1, 5000);"
              + " analyze t");
      try (TaskRunner runner =
          new TaskRunner(
              PgLogicalSourceConnector.class,
              Servers.config(
                  server,
                  "table.include.list",
                  "public.t",
                  "snapshot.mode",
                  "no_data",
                  "incremental.snapshot.chunk.size",
                  "100"),
              new TaskRunner.Store())) {
        Await.until("streaming", LONG, () -> (boolean) get("streaming", "Connected"));
        signal(server, "execute-snapshot", "{\"data-collections\": [\"public.t\"]}");
        runner.pollUntil(LONG, records -> records.size() > 300);
        signal(server, "pause-snapshot", "{}");
        Await.until("the pause", LONG, () -> (boolean) get("snapshot", "IncrementalPaused"));
        assertThat(get("snapshot", "IncrementalRunning")).isEqualTo(false);
        assertThat(get("snapshot", "IncrementalTable")).isEqualTo("public.t");
        assertThat(get("snapshot", "IncrementalTablesLeft")).isEqualTo(1L);
        long rows = (long) get("snapshot", "IncrementalRows");
        assertThat(rows).isBetween(300L, 4999L);
        assertThat(get("snapshot", "IncrementalPercent")).isEqualTo(rows / 50.0);
        assertThat((double) get("snapshot", "IncrementalRowsPerSecond")).isPositive();
        assertThat((long) get("snapshot", "IncrementalRemainingSeconds")).isNotNegative();
        signal(server, "resume-snapshot", "{}");
        runner.pollUntil(LONG, records -> incremental("IncrementalTablesLeft").equals(0L));
        assertThat(get("snapshot", "IncrementalRows")).isEqualTo(5000L);
      }
    }
  }

  private static Object incremental(String attribute) {
    try {
      return get("snapshot", attribute);
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void signal(PostgresServer server, String type, String data) throws Exception {
    Servers.execute(
        server,
        "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \""
            + type
            + "\", \"data\": "
            + data
            + "}')");
  }

  @Test
  void showsTheSnapshotTheStreamAndWhatTheSlotCosts() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Servers.execute(
          server,
          "create table t(id int primary key, v text); insert into t select i, 'a' from"
              + " generate_series(1, 100) i");
      try (TaskRunner runner =
          new TaskRunner(
              PgLogicalSourceConnector.class,
              Servers.config(
                  server, "table.include.list", "public.t", "status.update.interval.ms", "50"),
              new TaskRunner.Store())) {
        runner.pollUntil(LONG, records -> records.size() == 100);
        Await.until("streaming", LONG, () -> (boolean) get("streaming", "Connected"));
        assertThat(get("snapshot", "SnapshotRunning")).isEqualTo(false);
        assertThat(get("snapshot", "SnapshotCompleted")).isEqualTo(true);
        assertThat(get("snapshot", "RowsScanned")).isEqualTo(100L);
        assertThat(get("snapshot", "TotalTableCount")).isEqualTo(1L);
        assertThat(get("snapshot", "RemainingTableCount")).isEqualTo(0L);
        assertThat((String[]) get("streaming", "CapturedTables")).containsExactly("public.t");

        Servers.execute(
            server,
            "insert into t values (101, 'b'); update t set v = 'c' where id <= 2;"
                + " delete from t where id = 3");
        runner.pollUntil(LONG, records -> records.size() >= 5); // with the tombstone
        assertThat(count("NumberOfRecordsInFlight")).isEqualTo(105);
        runner.acknowledge(105);
        assertThat(count("NumberOfRecordsInFlight")).isZero();
        runner.storeOffsets();
        assertThat(count("TotalNumberOfCreateEventsSeen")).isEqualTo(1);
        assertThat(count("TotalNumberOfUpdateEventsSeen")).isEqualTo(2);
        assertThat(count("TotalNumberOfDeleteEventsSeen")).isEqualTo(1);
        assertThat(count("TotalNumberOfEventsSeen")).isEqualTo(4);
        assertThat(count("TotalNumberOfRecordsEmitted")).isEqualTo(105);
        assertThat(count("NumberOfCommittedTransactions")).isBetween(1L, 3L);
        assertThat(count("MilliSecondsBehindSource")).isBetween(0L, 60_000L);
        assertThat((double) get("streaming", "CommitToEmitMilliSecondsP99")).isPositive();
        assertThat(count("QueueRemainingCapacity")).isEqualTo(count("QueueTotalCapacity"));
        assertThat(count("CurrentQueueSizeInBytes")).isZero();
        Await.until("a confirmation", LONG, () -> count("SecondsSinceSlotConfirmed") >= 0);
        Await.until("what the slot costs", LONG, () -> count("SlotRetainedWalInBytes") >= 0);
        assertThat(count("SlotLagInBytes")).isNotNegative();
        assertThat(get("streaming", "SlotWalStatus")).isEqualTo("reserved");
        assertThat((String) get("streaming", "SourceEventPosition")).matches("0/[0-9A-F]+");
      }
      assertThat(JMX.isRegistered(name("streaming"))).isFalse();
      assertThat(JMX.isRegistered(name("snapshot"))).isFalse();
    }
  }
}
