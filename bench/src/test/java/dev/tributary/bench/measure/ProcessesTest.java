package dev.tributary.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessesTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void findsAServerWhoseClassComesBehindALongClassPath() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path") + ":/nowhere".repeat(1_000);
    Process process =
        new ProcessBuilder(java, "-cp", classPath, Waiting.class.getName(), "kafka.Kafka").start();
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("started");
      assertThat(Processes.byRole()).containsEntry("kafka", process.pid());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** A program that runs until it is ended. */
  static final class Waiting {
    private Waiting() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println("started");
      System.in.read();
    }
  }
}
