package dev.tributary.bench.result;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that one run of one benchmark has brought.
 *
 * @param runId tells runs apart
 * @param benchmark the benchmark's name
 * @param startedAt ISO-8601, UTC
 * @param commit what was checked out, or {@code unknown}
 * @param command what to type to repeat it
 * @param quick whether it was a short one
 * @param machine what it ran on
 * @param facts versions and settings, in words
 * @param figures every figure, also those that are compared with nothing
 * @param comparisons of these figures
 * @param notes what a reader must know to read the numbers
 */
public record RunResult(
    String runId,
    String benchmark,
    String startedAt,
    String commit,
    String command,
    boolean quick,
    MachineFacts machine,
    Map<String, String> facts,
    List<Figure> figures,
    List<Comparison> comparisons,
    List<String> notes) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * Refuses figures of another run.
   *
   * @throws IllegalArgumentException if there is one
   */
  public RunResult {
    for (Figure figure : figures) {
      if (!figure.runId().equals(runId)) {
        throw new IllegalArgumentException(
            "figure '%s' is of run %s, not of %s".formatted(figure.name(), figure.runId(), runId));
      }
    }
    facts = Map.copyOf(facts);
    figures = List.copyOf(figures);
    comparisons = List.copyOf(comparisons);
    notes = List.copyOf(notes);
  }

  /** Writes it as JSON, and the folders above it. */
  public void write(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Files.write(file, JSON.writeValueAsBytes(this));
  }

  /** Reads what {@link #write} has written. */
  public static RunResult read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), RunResult.class);
  }
}
