package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs Debezium's connector and ours on the same server, each with a slot of its own, over the same
 * workload, and compares topics, keys, values, both schemas, headers and order.
 */
class DebeziumDifferentialTest {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void writesTheRecordsThatDebeziumWrites() throws Exception {
    assertSame("differential", "");
  }

  @Test
  void writesTheRecordsThatDebeziumWritesWithConfiguredKeysAndNoTombstones() throws Exception {
    assertSame(
        "keys",
        "tombstones.on.delete=false"
            + " message.key.columns=public.keyed:uid;public.k.*:Weird-Name;public.two:b,a"
            + " table.exclude.list=public.hidden.*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "time.precision.mode=adaptive_time_microseconds decimal.handling.mode=string"
            + " binary.handling.mode=base64 interval.handling.mode=string"
            + " money.fraction.digits=0",
        "time.precision.mode=connect decimal.handling.mode=double"
            + " binary.handling.mode=base64-url-safe money.fraction.digits=4",
        "time.precision.mode=isostring binary.handling.mode=hex money.fraction.digits=0",
        "time.precision.mode=microseconds money.fraction.digits=3",
        "time.precision.mode=structured decimal.handling.mode=string"
      })
  void writesNumbersAndTimesAsDebeziumInEveryMode(String modes) throws Exception {
    assertSame("modes", modes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hstore.handling.mode=map",
        "include.unknown.datatypes=true",
        "include.unknown.datatypes=true binary.handling.mode=hex"
      })
  void writesEveryKindOfTypeAsDebezium(String modes) throws Exception {
    assertSame("kinds", modes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "include.unknown.datatypes=true", "column.propagate.source.type=.*"})
  void writesVectorsAsDebezium(String modes) throws Exception {
    Servers.assumeExtension(server, "vector");
    assertSame("vector", modes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "include.unknown.datatypes=true", "column.propagate.source.type=.*"})
  void writesGeometriesOfPostgisAsDebezium(String modes) throws Exception {
    Servers.assumeExtension(server, "postgis");
    assertSame("postgis", modes + " table.exclude.list=public.spatial_ref_sys");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hstore.handling.mode=map decimal.handling.mode=string time.precision.mode=connect"
            + " binary.handling.mode=hex interval.handling.mode=string",
        "decimal.handling.mode=double time.precision.mode=isostring binary.handling.mode=base64"
      })
  void fillsColumnsThatMayNotBeNullAsDebezium(String modes) throws Exception {
    assertSame("required", modes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "column.exclude.list=public.t.ex,public.kx.c skip.messages.without.change=true",
        "column.include.list=public.t.id,public.T.tx,public.kx.*,public.zz_done.*",
        "column.mask.with.5.chars=public.t.v,public.t.tx,public.t.m,public.t.n,public.t.i",
        "column.mask.with.0.chars=public.t.(v|tx|c|d) column.truncate.to.4.chars=public.t.v100",
        "column.mask.hash.SHA-256.with.salt.CzQMA0cB5K=public.t.v,public.t.tx,public.t.c,public.t.i"
            + " column.mask.hash.v2.SHA-512.with.salt.CzQMA0cB5K=public.t.v100,public.t.d",
        "column.propagate.source.type=.*",
        "datatype.propagate.source.type=.*.varchar,.*.numeric,.*.int4,.*._text"
      })
  void leavesOutAndCoversColumnsAsDebezium(String rules) throws Exception {
    assertSame("columns", rules);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "skipped.operations=none binary.handling.mode=hex",
        "skipped.operations=u,t message.prefix.include.list=p.* topic.delimiter=_",
        "schema.name.adjustment.mode=avro field.name.adjustment.mode=avro_unicode"
            + " message.prefix.exclude.list=o.*",
        "provide.transaction.metadata=true skipped.operations=none"
            + " table.exclude.list=public.hidden message.prefix.exclude.list=.*"
            + " topic.transaction=tx"
      })
  void tellsOfTruncatesMessagesAndTransactionsAsDebezium(String settings) throws Exception {
    assertSame("misc", settings);
  }

  @Test
  void writesRowsOfPartitionsUnderTheirRootAsDebezium() throws Exception {
    assertSame(
        "partitions",
        "publish.via.partition.root=true skipped.operations=none"
            + " table.include.list=public.ev,public.zz_done",
        "create publication pub for all tables with (publish_via_partition_root = true);");
  }

  @Test
  void writesRowsOfPartitionsUnderTheirOwnNamesAsDebezium() throws Exception {
    assertSame(
        "partitions",
        "publish.via.partition.root=false skipped.operations=none"
            + " table.include.list=public.ev_1x?,public.ev_[24],public.ev_3_.*,public.zz_done");
  }

  private static void assertSame(String workload, String settings) throws Exception {
    assertSame(workload, settings, "");
  }

  /**
   * @param first SQL that is executed before all else
   */
  private static void assertSame(String workload, String settings, String first) throws Exception {
    Map<String, String> config = new HashMap<>();
    Arrays.stream(settings.split(" ", -1))
        .filter(setting -> !setting.isEmpty())
        .forEach(
            setting -> {
              int equals = setting.indexOf('=');
              config.put(setting.substring(0, equals), setting.substring(equals + 1));
            });
    List<String> stream =
        Arrays.stream(stream(workload, settings).strip().split(";;", -1))
            .filter(sql -> !sql.isBlank())
            .toList();
    try (BothConnectors both = new BothConnectors(server, config)) {
      BothConnectors.Outcome outcome = both.run(first + resource(workload + "-before.sql"), stream);
      assertThat(Differences.of(outcome.ours(), outcome.theirs()))
          .as("of %s with %s", workload, settings)
          .isEmpty();
      assertThat(outcome.ours()).isNotEmpty();
    }
  }

  /** Structured, the end of a day is NULL in Debezium and hour 24 here. */
  private static String stream(String workload, String settings) throws IOException {
    String sql = resource(workload + "-stream.sql");
    return settings.contains("structured") ? sql.replace("24:00:00", "23:59:59") : sql;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DebeziumDifferentialTest.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
