package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records whose values are texts, as clickhouse-kafka-connect takes them. */
class LinesOfTextTest {
  @RegisterExtension static final TestDatabase db = new TestDatabase();

  private static final TopicPartition PARTITION = new TopicPartition("lines", 0);
  private static final String COLUMNS = "id,name,price,ok,at,note,_offset";

  private Map<String, String> settings;
  private long offset;

  @BeforeEach
  void newTable() {
    settings = db.settings();
    settings.put(SinkConfig.CUSTOM_INSERT_FORMAT, "true");
    db.execute(
        "CREATE TABLE lines (id UInt64, name String DEFAULT 'nobody', twice UInt64 MATERIALIZED id *"
            + " 2, price Nullable(Decimal(9, 2)), ok Bool, at DateTime64(3, 'UTC'), note"
            + " Nullable(String), _topic String, _partition Int32, _offset Int64) ENGINE ="
            + " MergeTree ORDER BY id");
  }

  private SinkRecord line(Object text) {
    return record("lines", 0, offset++, null, text);
  }

  private List<SinkRecord> write(Object... lines) {
    try (TestTask task = new TestTask(settings, true, PARTITION)) {
      for (Object line : lines) {
        task.put(line(line));
      }
      task.drain();
      return List.copyOf(task.context.rejected);
    }
  }

  private List<String> rows() {
    return db.query(COLUMNS, "FROM lines ORDER BY _offset");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "JSON", "none"})
  void readsObjectsOfJson(String format) {
    settings.put(SinkConfig.INSERT_FORMAT, format);
    List<SinkRecord> rejected =
        write(
            "{\"id\":18446744073709551615,\"name\":\"x\",\"price\":0.10,\"ok\":true,"
                + "\"at\":\"2026-11-20 10:00:00.5\",\"note\":null}",
            "{\"id\":2,\"ok\":\"false\"}\n".getBytes(UTF_8));

    assertThat(rejected).isEmpty();
    assertThat(rows())
        .containsExactly(
            "18446744073709551615|x|0.1|true|2026-11-20 10:00:00.500|NULL|0",
            "2|nobody|NULL|false|1970-01-01 00:00:00.000|NULL|1");
  }

  @Test
  void readsLinesOfCsv() {
    settings.put(SinkConfig.INSERT_FORMAT, "csv");
    List<SinkRecord> rejected =
        write(
            "1,\"a \"\"b\"\", c\",12.50,true,2026-11-20 10:00:00.500,\"two\nlines\"",
            "2,,\\N,0,2026-11-20T10:00:01Z,\\N\n");

    assertThat(rejected).isEmpty();
    assertThat(rows())
        .containsExactly(
            "1|a \"b\", c|12.5|true|2026-11-20 10:00:00.500|two\nlines|0",
            "2|nobody|NULL|false|2026-11-20 10:00:01.000|NULL|1");
  }

  @Test
  void readsLinesOfTsv() {
    settings.put(SinkConfig.INSERT_FORMAT, "TSV");
    List<SinkRecord> rejected =
        write("1\ta\\tb, \"c\"\t\\N\t1\t2026-11-20 10:00:00.500\ttwo\\nlines");

    assertThat(rejected).isEmpty();
    assertThat(rows())
        .containsExactly("1|a\tb, \"c\"|NULL|true|2026-11-20 10:00:00.500|two\nlines|0");
  }

  @Test
  void rejectsWhatIsNotOneRowAloneAndQuotesNothingOfIt() {
    settings.put(SinkConfig.INSERT_FORMAT, "csv");
    assertThat(
            write(
                "1,secret,1,1,2026-11-20 10:00:00,",
                "2,secret,1,1,2026-11-20 10:00:00",
                "3,secret,1,1,2026-11-20 10:00:00,\n4,secret,1,1,2026-11-20 10:00:00,",
                "5,\"secret,1,1,2026-11-20 10:00:00,",
                "six,secret,1,1,2026-11-20 10:00:00,",
                "",
                new byte[] {'7', ',', (byte) 0xFF},
                "8,secret,1,1,2026-11-20 10:00:00,"))
        .extracting(SinkRecord::kafkaOffset)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    settings.put(SinkConfig.INSERT_FORMAT, "json");
    assertThat(write("{\"id\":9}", "{\"id\":10}{\"id\":11}", "[{\"id\":12}]", "{\"id\":", "secret"))
        .extracting(SinkRecord::kafkaOffset)
        .containsExactly(9L, 10L, 11L, 12L);
    assertThat(db.query("id", "FROM lines ORDER BY id")).containsExactly("1", "8", "9");
  }

  @Test
  void namesTheRecordThatIsNoRow() {
    settings.put(SinkConfig.INSERT_FORMAT, "csv");
    try (TestTask task = new TestTask(settings, PARTITION)) {
      assertThatThrownBy(() -> task.put(line("secret,1")))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("lines")
          .hasMessageContaining("offset 0")
          .hasMessageContaining("2 values")
          .hasMessageContaining("6 columns")
          .hasMessageNotContaining("secret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "csv"})
  void stopsWhereThereIsNoTableAndRejectsNothing(String format) {
    settings.put(SinkConfig.INSERT_FORMAT, format);
    db.execute("DROP TABLE lines");
    try (TestTask task = new TestTask(settings, true, PARTITION)) {
      assertThatThrownBy(() -> task.put(line(format.equals("json") ? "{\"id\":1}" : "1,a")))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("does not exist");
      assertThat(task.context.rejected).isEmpty();
    }
  }

  @Test
  void writesLinesOnceThatComeAgain() {
    settings.put(SinkConfig.INSERT_FORMAT, "csv");
    write("1,a,1,1,2026-11-20 10:00:00,", "2,b,1,1,2026-11-20 10:00:00,");
    offset = 0;
    write("1,a,1,1,2026-11-20 10:00:00,", "2,b,1,1,2026-11-20 10:00:00,");

    assertThat(db.query("id", "FROM lines ORDER BY id")).containsExactly("1", "2");
  }
}
