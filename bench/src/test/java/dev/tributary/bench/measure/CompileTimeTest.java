package dev.tributary.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class CompileTimeTest {
  @Test
  void isWhatTheJvmTellsOfItself() throws Exception {
    long pid = ProcessHandle.current().pid();
    var compilers = ManagementFactory.getCompilationMXBean();
    double before = compilers.getTotalCompilationTime() / 1e3;
    double seconds = CompileTime.seconds(pid);
    double after = compilers.getTotalCompilationTime() / 1e3;
    assertThat(seconds).isPositive().isBetween(before - 0.01, after + 0.01);
  }
}
