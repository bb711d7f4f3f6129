package dev.tributary.demo.check;

import java.util.List;

/**
 * One line of the comparison.
 *
 * @param what what was compared
 * @param expected how many there are by Postgres
 * @param found how many the pipeline made
 * @param differences what differs, in words, the first few in full
 */
public record Check(String what, long expected, long found, List<String> differences) {
  public boolean passed() {
    return differences.isEmpty();
  }
}
