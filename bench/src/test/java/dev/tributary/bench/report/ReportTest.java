package dev.tributary.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.result.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private final List<Benchmark> benchmarks = List.of(named("first"), named("second"));

  @Test
  void tellsEachRunWithCommandChartFiguresAndCosts(@TempDir Path docs) throws Exception {
    Path page =
        new Report(
                benchmarks,
                List.of(
                    Samples.result("second", 10, 5, null), Samples.result("first", 150, 50, 3.0)))
            .write(docs);
    String text = Files.readString(page);
    assertThat(text)
        .startsWith("# Benchmarks\n")
        .contains("| speed | 150 | 50.0 | debezium | **3.00** | 3.00 | records/s |")
        .contains("bench/run first --quick")
        .contains("![first.svg](benchmarks/first.svg)")
        .contains("| speed | tributary | 150 | 150 to 150 | 0 % | 3 | records/s |")
        .contains("| speed | debezium | worker | 2.50 s | 300 MB | 250 ms |")
        .contains("| speed | tributary | 101 | bytes/record |")
        .contains("A processor, 2 cores")
        .contains("- A note.")
        .contains("Nowhere in these runs.")
        .contains("Postgres: 18");
    assertThat(text.indexOf("## first")).isLessThan(text.indexOf("## second"));
    assertThat(docs.resolve("benchmarks/second.svg")).exists();
  }

  @Test
  void hidesNoLoss() throws Exception {
    String text =
        new Report(
                benchmarks,
                List.of(Samples.result("first", 40, 50, null), Samples.result("second", 2, 1, 3.0)))
            .page();
    assertThat(text)
        .contains("- **speed** against debezium, ratio 0.800: not looked into yet.")
        .contains("- **speed** against debezium, ratio 2.00 where 3.00 is wanted: ")
        .contains("3.00 (missed)")
        .doesNotContain("Nowhere");
  }

  @Test
  void chartsAreXmlAlsoWithHostileNames() throws Exception {
    String svg =
        BarChart.of(
            "a < b & \"c\"", List.of(Samples.figure("r", "<script>&", "records/s", 1, 2, 3)));
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new java.io.ByteArrayInputStream(
                    svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(2);
    assertThat(document.getElementsByTagName("script").getLength()).isZero();
  }

  @Test
  void writesNumbersAsPeopleReadThem() {
    assertThat(Numbers.of(123_456)).isEqualTo("123,000");
    assertThat(Numbers.of(1_234_567)).isEqualTo("1,230,000");
    assertThat(Numbers.of(1_004)).isEqualTo("1,000");
    assertThat(Numbers.of(999)).isEqualTo("999");
    assertThat(Numbers.of(12.345)).isEqualTo("12.3");
    assertThat(Numbers.of(0.0421)).isEqualTo("0.042");
  }

  private static Benchmark named(String name) {
    return new Benchmark() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String sentence() {
        return "Measures " + name + ".";
      }

      @Override
      public void run(Run run) {
        throw new AssertionError("a report runs nothing");
      }
    };
  }
}
