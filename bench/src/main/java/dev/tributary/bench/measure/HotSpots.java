package dev.tributary.bench.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a recording's samples were taken: the methods at the top of the stack, and the methods of
 * ours anywhere in it.
 */
final class HotSpots {
  private static final String OURS = "dev.tributary.";
  private static final String HARNESS = "dev.tributary.bench.";
  private static final int SHOWN = 25;

  private final Map<String, Integer> top = new HashMap<>();
  private final Map<String, Integer> within = new HashMap<>();
  private int samples;

  private HotSpots() {}

  static HotSpots of(Path recording) throws IOException {
    HotSpots spots = new HotSpots();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        if (event.getEventType().getName().equals("jdk.ExecutionSample")
            && event.getStackTrace() != null) {
          spots.add(event.getStackTrace().getFrames());
        }
      }
    }
    return spots;
  }

  private void add(List<RecordedFrame> frames) {
    samples++;
    Set<String> seen = new HashSet<>();
    for (RecordedFrame frame : frames) {
      String name = name(frame.getMethod());
      if (seen.isEmpty()) {
        top.merge(name, 1, Integer::sum);
      }
      if (seen.add(name) && name.startsWith(OURS) && !name.startsWith(HARNESS)) {
        within.merge(name, 1, Integer::sum);
      }
    }
  }

  private static String name(RecordedMethod method) {
    return method.getType().getName() + "." + method.getName();
  }

  /** The highest shares first. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(samples + " samples of running Java code (10 or 20 ms apart, each thread)");
    lines.add("");
    lines.add("at the top of the stack:");
    lines.addAll(shares(top));
    lines.add("");
    lines.add("ours, with what they call:");
    lines.addAll(shares(within));
    return lines;
  }

  private List<String> shares(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(SHOWN)
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%5.1f %%  %s",
                    100.0 * entry.getValue() / samples,
                    entry.getKey()))
        .toList();
  }
}
