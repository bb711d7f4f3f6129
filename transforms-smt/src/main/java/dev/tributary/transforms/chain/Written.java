package dev.tributary.transforms.chain;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a source task's chain notes in a header of each record it lets out, so that the topic can be
 * read back: which record of the task it was, and what its members read of it. As text: {@code
 * 1795212000000-42 0:1f3a 2:9be0}.
 *
 * @param epoch of the task's start; greater than that of all starts before
 * @param number of the record since then
 * @param digests per member a digest of what it read, or {@link #NOT_READ}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Written(long epoch, long number, long[] digests) implements Comparable<Written> {
  static final String HEADER = "tributary.order";
  static final long NOT_READ = -1;

  /** Found in whatever a header converter made of the text. */
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18})-(\\d{1,18})((?: \\d{1,4}:[0-9a-f]{1,8})*)");

  /** Whether this one comes right behind another, or may. */
  boolean follows(Written before) {
    return epoch != before.epoch || number == before.number + 1;
  }

  Written with(int member, long digest) {
    long[] all = digests.clone();
    all[member] = digest;
    return new Written(epoch, number, all);
  }

  static Written first(long epoch, long number, int members) {
    long[] digests = new long[members];
    Arrays.fill(digests, NOT_READ);
    return new Written(epoch, number, digests);
  }

  String text() {
    StringBuilder text = new StringBuilder().append(epoch).append('-').append(number);
    for (int i = 0; i < digests.length; i++) {
      if (digests[i] != NOT_READ) {
        text.append(' ').append(i).append(':').append(Long.toHexString(digests[i]));
      }
    }
    return text.toString();
  }

  /** Null if there is none in the text. */
  static Written parse(String text, int members) {
    Matcher found = FORM.matcher(text);
    if (!found.find()) {
      return null;
    }
    Written written =
        first(Long.parseLong(found.group(1)), Long.parseLong(found.group(2)), members);
    for (String digest : found.group(3).trim().split(" ", -1)) {
      int colon = digest.indexOf(':');
      if (colon > 0) {
        int member = Integer.parseInt(digest.substring(0, colon));
        if (member < members) {
          written.digests[member] = Long.parseLong(digest.substring(colon + 1), 16);
        }
      }
    }
    return written;
  }

  @Override
  public int compareTo(Written other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
  }
}
