package dev.tributary.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineFactsTest {
  @Test
  void knowsThisMachine() {
    MachineFacts facts = MachineFacts.read();
    assertThat(facts.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(facts.memoryBytes()).isGreaterThan(1L << 28);
    assertThat(facts.processor()).isNotBlank();
  }

  @Test
  void readsTheFirstValueOfAKey() {
    List<String> lines = List.of("processor\t: 0", "model name\t: A: B", "model name\t: C");
    assertThat(MachineFacts.value(lines, "model name"::equals)).isEqualTo("A: B");
    assertThat(MachineFacts.value(lines, "cache"::equals)).isEqualTo("unknown");
  }
}
