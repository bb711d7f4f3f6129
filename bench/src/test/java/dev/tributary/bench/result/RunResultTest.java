package dev.tributary.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunResultTest {
  @Test
  void isReadAsItWasWritten(@TempDir Path folder) throws Exception {
    RunResult result = Samples.result("source-streaming", 150_000, 50_000, 3.0);
    Path file = folder.resolve("deep/result.json");
    result.write(file);
    assertThat(RunResult.read(file)).isEqualTo(result);
  }

  @Test
  void keepsFiguresOfOneRunOnly() {
    RunResult good = Samples.result("x", 1, 1, null);
    Figure foreign = Samples.figure("run-2", Figure.OURS, "records/s", 1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new RunResult(
                    "run-1",
                    "x",
                    "",
                    "",
                    "",
                    true,
                    good.machine(),
                    Map.of(),
                    List.of(foreign),
                    List.of(),
                    List.of()))
        .withMessageContaining("run-2");
  }
}
