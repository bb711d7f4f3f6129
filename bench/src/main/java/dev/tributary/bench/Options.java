package dev.tributary.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line.
 *
 * @param words what stands there beside options: a benchmark's name, {@code list}, {@code all}, or
 *     {@code report} and files
 * @param quick {@code --quick}
 * @param profile {@code --profile}
 * @param json the file after {@code --json}
 */
record Options(List<String> words, boolean quick, boolean profile, Optional<Path> json) {

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if there is something wrong with it, with what is wrong
   */
  static Options parse(String... arguments) {
    List<String> words = new ArrayList<>();
    boolean quick = false;
    boolean profile = false;
    Path json = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> quick = true;
        case "--profile" -> profile = true;
        case "--json" -> {
          if (++i == arguments.length) {
            throw new IllegalArgumentException("--json needs a file");
          }
          json = Path.of(arguments[i]);
        }
        default -> {
          if (arguments[i].startsWith("-")) {
            throw new IllegalArgumentException("there is no option " + arguments[i]);
          }
          words.add(arguments[i]);
        }
      }
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("name a benchmark, or one of list, all, report");
    }
    if (json != null
        && (words.size() > 1 || List.of("all", "list", "report").contains(words.get(0)))) {
      throw new IllegalArgumentException("--json is for the run of one benchmark");
    }
    return new Options(List.copyOf(words), quick, profile, Optional.ofNullable(json));
  }
}
