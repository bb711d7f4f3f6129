package dev.tributary.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcLogTest {
  @TempDir Path folder;

  @Test
  void addsUpPausesAndKnowsWhatWasAliveAfterFullCollections() throws Exception {
    Path file = folder.resolve("gc.log");
    GcLog log = new GcLog(file);
    assertThat(log.pauseSeconds()).isZero();
    Files.write(
        file,
        List.of(
            "[0.010s] Using G1",
            "[2.3s] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->5M(64M) 1.500ms",
            "[2.4s] GC(1) Concurrent Mark Cycle 30.000ms",
            "[2.5s] GC(2) Pause Full (Diagnostic Command) 100M->40M(256M) 20.500ms"));
    int position = log.position();
    Files.write(
        file,
        List.of("[3.5s] GC(3) Pause Full (Diagnostic Command) 90M->41M(256M) 8.000ms"),
        java.nio.file.StandardOpenOption.APPEND);
    assertThat(log.pauseSeconds()).isCloseTo(0.030, within(1e-9));
    assertThat(log.liveBytes(0)).containsExactly(40L << 20, 41L << 20);
    assertThat(log.liveBytes(position)).containsExactly(41L << 20);
  }

  @Test
  void readsWhatThisJvmsKindWrites() throws Exception {
    Path file = folder.resolve("real.log");
    GcLog log = new GcLog(file);
    Path source = folder.resolve("Collects.java");
    Files.writeString(
        source, "class Collects { public static void main(String[] a) { System.gc(); } }");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, log.jvmOption(), source.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    assertThat(log.pauseSeconds()).isPositive();
  }
}
