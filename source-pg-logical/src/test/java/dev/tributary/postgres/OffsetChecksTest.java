package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.PostgresServer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Offsets given over REST. */
class OffsetChecksTest {
  private static final Map<String, ?> OWN = Map.of("server", "shop");

  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    Servers.execute(server, "select pg_create_logical_replication_slot('tributary', 'pgoutput')");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static boolean alter(Map<String, ?> partition, Map<String, ?> offset, String... config) {
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    offsets.put(partition, offset);
    return new PgLogicalSourceConnector().alterOffsets(Servers.config(server, config), offsets);
  }

  private static void refuses(Map<String, ?> partition, Map<String, ?> offset, String... parts) {
    assertThatThrownBy(() -> alter(partition, offset))
        .isInstanceOf(ConnectException.class)
        .hasMessageContainingAll(parts);
  }

  private static String end() throws Exception {
    return Servers.single(server, "select pg_current_wal_flush_lsn()");
  }

  @Test
  void takesWhatTheSlotCanBeStreamedFrom() throws Exception {
    assertThat(alter(OWN, Map.of("commit_lsn", end()))).isTrue();
    assertThat(alter(OWN, null)).isTrue();
    assertThat(alter(OWN, Map.of("commit_lsn", end(), "tx_final_lsn", end(), "tx_index", 3)))
        .isTrue();
    assertThat(alter(OWN, Map.of("commit_lsn", end(), "timeline", 1))).isTrue();
  }

  @Test
  void refusesWhatItWouldNotRead() throws Exception {
    refuses(
        Map.of("server", "other"), Map.of("commit_lsn", end()), "{server=shop}", "topic.prefix");
    refuses(Map.of("database", "shop"), null, "{server=shop}");
    refuses(OWN, Map.of("lsn", 5), "[lsn]");
    refuses(OWN, Map.of("commit_lsn", 5), "no LSN under 'commit_lsn'");
    refuses(OWN, Map.of("commit_lsn", "5"), "'5' is no LSN");
    refuses(OWN, Map.of(), "empty");
    refuses(OWN, Map.of("commit_lsn", end(), "timeline", "x"), "whole number under 'timeline'");
    refuses(OWN, Map.of("commit_lsn", end(), "tx_index", 1), "tx_final_lsn");
    refuses(OWN, Map.of("commit_lsn", end(), "tx_final_lsn", "F/0"), "tx_index");
    refuses(
        OWN, Map.of("commit_lsn", end(), "tx_final_lsn", "F/0", "tx_index", 1.5), "whole number");
    refuses(OWN, Map.of("commit_lsn", end(), "tx_final_lsn", "F/0", "tx_index", -1), "index -1");
    refuses(
        OWN,
        Map.of("commit_lsn", end(), "tx_final_lsn", "0/1", "tx_index", 1),
        "tx_final_lsn 0/1 is before");
  }

  @Test
  void refusesPartsThatNoTaskCouldStartWith() throws Exception {
    String end = end();
    for (String state : new String[] {"null", "", "[]", "{\"tables\":[{}]}", "{\"a\":1}"}) {
      refuses(OWN, Map.of("commit_lsn", end, "incremental", state), "no state of an incremental");
    }
    for (String visible : new String[] {"99999999999999999999:1:", "5:3:", "1:2", ""}) {
      refuses(
          OWN,
          Map.of(
              "commit_lsn", end,
              "snapshot", "running",
              "snapshot_visible", visible,
              "snapshot_table", "",
              "snapshot_rest", ""),
          "no snapshot such as");
    }
    refuses(OWN, Map.of("commit_lsn", end, "snapshot", false), "no text under 'snapshot'");
    refuses(OWN, Map.of("commit_lsn", end, "timeline", 4_294_967_297L), "timeline 4294967297");
    refuses(OWN, Map.of("commit_lsn", end, "timeline", -1), "timeline -1");
  }

  @Test
  void refusesWhatWouldLoseChanges() {
    refuses(OWN, Map.of("commit_lsn", "0/1"), "confirmed up to", "from 0/1 to 0/");
    refuses(OWN, Map.of("commit_lsn", "F/0"), "F/0 is past 0/");
    refuses(
        OWN,
        Map.of("commit_lsn", "0/1", "tx_final_lsn", "F/0", "tx_index", 1),
        "change 1 of the transaction of F/0 is past 0/");
    refuses(OWN, Map.of("commit_lsn", "0/1", "timeline", 2), "0/1 is past 0/0", "another server");
    assertThat(alter(OWN, Map.of("commit_lsn", "0/1"), "snapshot.mode", "when_needed")).isTrue();
  }

  @Test
  void takesWhatIsWellFormedWhereTheServerIsAway() {
    assertThat(alter(OWN, Map.of("commit_lsn", "0/1"), "database.port", "1")).isTrue();
  }
}
