package dev.tributary.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.bench.result.ProcessUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcFilesTest {
  @Test
  void addsUpTimesAlsoBehindACommandWithBlanksAndParentheses() {
    String stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 10 20 0 0 150 50 30 20 20 0 9 0 100 1 2";
    assertThat(ProcFiles.cpuSeconds(stat)).isCloseTo(2.5, within(1e-9));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void metersThisProcess() {
    UsageMeter meter = UsageMeter.start();
    long deadline = System.nanoTime() + 60_000_000_000L;
    ProcessUsage usage;
    do {
      usage = meter.stop().get("harness");
    } while (usage.cpuSeconds() < 0.05 && System.nanoTime() < deadline);
    assertThat(usage.cpuSeconds()).isGreaterThanOrEqualTo(0.05);
    assertThat(usage.peakRssBytes()).isGreaterThan(1L << 20);
    assertThat(usage.gcSeconds()).isNotNegative();
  }
}
