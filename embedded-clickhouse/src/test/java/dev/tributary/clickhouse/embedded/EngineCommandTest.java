package dev.tributary.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCommandTest {

  @TempDir Path data;

  @Test
  void leavesTheSignalsThatTheJvmNeedsToTheJvm() throws Exception {
    Path libchdb = LibChdb.fetch(line -> {});
    EngineCommand engine = EngineCommand.of(libchdb, data, 0);
    List<String> command = new ArrayList<>(engine.command());
    int classPath = command.indexOf("-cp") + 1;
    Path tests =
        Path.of(SignalProbe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    command.set(classPath, command.get(classPath) + File.pathSeparator + tests);
    List<String> probe = new ArrayList<>(command.subList(0, classPath + 1));
    probe.addAll(List.of(SignalProbe.class.getName(), libchdb.toString(), data.toString()));
    ProcessBuilder builder = new ProcessBuilder(probe).redirectErrorStream(true);
    builder.environment().putAll(engine.environment());

    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(output).endsWith("CAUGHT 300001");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void needsNothingButItsOwnClassesAndThreeLibraries() {
    EngineCommand engine = EngineCommand.of(Path.of("lib"), data, 1234);

    int classPath = engine.command().indexOf("-cp") + 1;
    assertThat(engine.command().get(classPath).split(File.pathSeparator)).hasSize(4);
    assertThat(engine.command())
        .containsSubsequence(
            "--libchdb",
            Path.of("lib").toAbsolutePath().toString(),
            "--data",
            data.toString(),
            "--port",
            "1234");
    assertThat(engine.environment()).hasSize(1);
    assertThat(engine.with("--password", "x").command()).endsWith("--password", "x");
  }
}
