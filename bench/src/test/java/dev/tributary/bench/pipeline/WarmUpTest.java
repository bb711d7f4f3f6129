package dev.tributary.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Profiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final String BUSY = "compilers busy at the end of the warm-up";

  private final List<String> said = new ArrayList<>();
  private final Run run = new Run("sample", true, Profiles.none(), said::add);
  private int pieces;

  @Test
  void endsWhenAllCompilersRest() throws Exception {
    // the broker's have nothing to do from the start, the worker's until the third piece
    new WarmUp(run, this::piece, () -> Map.of("worker", Math.min(pieces, 3) * 1e6, "kafka", 7.0))
        .run(10);
    assertThat(pieces).isEqualTo(4);
    assertThat(run.result("abc").facts().get(BUSY)).contains("worker 0 %").contains("kafka 0 %");
    assertThat(said).hasSize(4);
  }

  @Test
  void givesUpAfterSoManyPiecesAndSaysHowBusyTheyStillWere() throws Exception {
    new WarmUp(run, this::piece, () -> Map.of("worker", pieces * 1e6)).run(3);
    assertThat(pieces).isEqualTo(3);
    assertThat(run.result("abc").facts().get(BUSY)).doesNotContain("worker 0 %");
  }

  private void piece() {
    pieces++;
  }
}
