package dev.tributary.clickhouse.table;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a comment says of the version below which a table was emptied. */
final class Emptied {
  private static final Pattern WORDS = Pattern.compile("emptied below (\\d{1,19})");

  private Emptied() {}

  /** The version; 0 where the comment names none. */
  static long below(String comment) {
    Matcher words = WORDS.matcher(comment);
    try {
      return words.find() ? Long.parseLong(words.group(1)) : 0;
    } catch (NumberFormatException e) {
      // more than a version can be: not our words
      return 0;
    }
  }

  /** The comment with another version, and all else that it said. */
  static String with(String comment, long version) {
    String words = "emptied below " + version;
    Matcher old = WORDS.matcher(comment);
    if (old.find()) {
      return old.replaceFirst(words);
    }
    return comment.isEmpty() ? words : comment + "; " + words;
  }
}
