package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  @TempDir private Path folder;

  @Test
  void givesTheProgramItsEnvironmentAndArgumentsAsTheyAre() throws Exception {
    Program program =
        program("printf '%s|%s|%s' \"$SECRET\" \"$LD_PRELOAD\" \"$1\"", "a  b")
            .withEnvironment(Map.of("SECRET", "x y", "LD_PRELOAD", ""));

    ChildProcess.run(program);

    assertThat(Files.readString(program.log())).isEqualTo("x y||a  b");
  }

  @Test
  void tellsTheStatusAndTheEndOfTheLogWithoutStackFrames() {
    String script = "echo first; echo '  at some.Frame(F.java:1)'; echo last; exit 3";

    assertThatThrownBy(() -> ChildProcess.run(program(script)))
        .isInstanceOf(StackException.class)
        .hasMessage("the script failed (exit status 3); its log ends: first | last");
  }

  @Test
  void killEndsWhatIgnoresSignalsAndWhatItStarted() throws Exception {
    Program program = program("trap '' TERM INT; sleep 1000 & echo $!; while :; do wait; done");
    ChildProcess process = ChildProcess.start(program);
    String child =
        Await.until(
            "the child's id",
            Duration.ofSeconds(20),
            () -> Files.readString(program.log()).strip(),
            id -> !id.isEmpty());

    process.kill();

    assertThat(process.isAlive()).isFalse();
    assertThat(ProcessHandle.of(Long.parseLong(child)).flatMap(p -> p.info().command())).isEmpty();
  }

  private Program program(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", script, "script"));
    command.addAll(List.of(arguments));
    return new Program("the script", command, folder);
  }
}
