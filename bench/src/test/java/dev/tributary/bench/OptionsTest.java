package dev.tributary.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.bench.harness.Benchmark;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void readsOptionsOnBothSidesOfTheName() {
    Options options = Options.parse("--quick", "features", "--json", "out.json", "--profile");
    assertThat(options.words()).containsExactly("features");
    assertThat(options.quick()).isTrue();
    assertThat(options.profile()).isTrue();
    assertThat(options.json()).contains(Path.of("out.json"));
  }

  @Test
  void isSlowAndWithoutProfileUnlessAsked() {
    Options options = Options.parse("features");
    assertThat(options.quick()).isFalse();
    assertThat(options.profile()).isFalse();
    assertThat(options.json()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatIllegalArgumentException().isThrownBy(Options::parse).withMessageContaining("name a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("features", "--fast"))
        .withMessage("there is no option --fast");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("features", "--json"))
        .withMessage("--json needs a file");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse("all", "--json", "x.json"))
        .withMessageContaining("one benchmark");
  }

  @Test
  void theUsageNamesEachOption() throws IOException {
    assertThat(Bench.usage()).contains("--quick", "--json FILE", "--profile");
  }

  @Test
  void refusesANameThatMeansNothingBeforeAnythingIsStarted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Catalog.check(Options.parse("features", "futures").words()))
        .withMessageContaining("'futures'");
    Catalog.check(Options.parse("list").words());
    Catalog.check(Options.parse("report", "some-file.json").words());
  }

  @Test
  void everyBenchmarkHasANameOfItsOwnAndASentence() {
    assertThat(Catalog.all())
        .allSatisfy(
            benchmark -> {
              assertThat(benchmark.name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
              assertThat(benchmark.sentence()).endsWith(".");
              assertThat(Catalog.named(benchmark.name()).getClass())
                  .isEqualTo(benchmark.getClass());
            })
        .extracting(Benchmark::name)
        .doesNotHaveDuplicates();
  }
}
