package dev.tributary.bench.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What happened when: a line of CSV for each watched row, so that a slow stretch can be laid beside
 * the logs and the flight recording of that time.
 */
final class Timeline {
  private static final String HEADER =
      "committed at (s since 1970),to a consumer (ms),to Redis (ms),to ClickHouse (ms)";

  private Timeline() {}

  static void write(Path file, SteadyLoad.Outcome outcome) throws IOException {
    double zero = System.currentTimeMillis() / 1e3 - System.nanoTime() / 1e9;
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (int row : outcome.redis().watched()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%.3f,%.1f,%.1f,%.1f",
              zero + outcome.commits().committedAt(row) / 1e9,
              outcome.topic().latencyMicros(outcome.commits()::committedAt, row) / 1e3,
              outcome.redis().latencyMicros(row) / 1e3,
              outcome.clickHouse().latencyMicros(row) / 1e3));
    }
    Files.write(file, lines);
  }
}
