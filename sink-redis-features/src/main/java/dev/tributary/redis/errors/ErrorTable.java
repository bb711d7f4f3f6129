package dev.tributary.redis.errors;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The one table that says what an error reply of Redis means.
 *
 * <p>An error reply begins with a code in capitals; {@code ERR} says nothing, and the text behind
 * it decides. Codes are those of Redis 6.2 to 8 and Valkey (server.c, {@code createSharedObjects};
 * script.c; cluster.c). What the table does not know stops the task: a record that may be a good
 * one is not thrown away for an error that nobody has thought of.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">RESP,
 *     simple errors</a>
 */
public final class ErrorTable {
  private static final Map<String, Verdict> BY_CODE =
      Map.ofEntries(
          // the server comes up, is busy, or changes its role
          Map.entry("LOADING", Verdict.RETRY),
          Map.entry("BUSY", Verdict.RETRY),
          Map.entry("READONLY", Verdict.RETRY),
          Map.entry("MASTERDOWN", Verdict.RETRY),
          Map.entry("NOREPLICAS", Verdict.RETRY),
          Map.entry("UNBLOCKED", Verdict.RETRY),
          // a cluster moves slots or fails over
          Map.entry("TRYAGAIN", Verdict.RETRY),
          Map.entry("CLUSTERDOWN", Verdict.RETRY),
          // memory or disk is full until someone makes room
          Map.entry("OOM", Verdict.RETRY),
          Map.entry("MISCONF", Verdict.RETRY),
          // the scripts are loaded again
          Map.entry("NOSCRIPT", Verdict.RETRY),
          Map.entry("EXECABORT", Verdict.RETRY),
          // this key, or this record
          Map.entry("WRONGTYPE", Verdict.REJECT),
          Map.entry("CROSSSLOT", Verdict.REJECT),
          // JSON on Valkey: the record's path or its value
          Map.entry("NONEXISTENT", Verdict.REJECT),
          Map.entry("OUTOFBOUNDARIES", Verdict.REJECT),
          Map.entry("SYNTAXERR", Verdict.REJECT),
          Map.entry("LIMIT", Verdict.REJECT),
          // rights and setup
          Map.entry("NOAUTH", Verdict.STOP),
          Map.entry("WRONGPASS", Verdict.STOP),
          Map.entry("NOPERM", Verdict.STOP),
          Map.entry("DENIED", Verdict.STOP),
          Map.entry("NOPROTO", Verdict.STOP),
          Map.entry("MOVED", Verdict.STOP),
          Map.entry("ASK", Verdict.STOP));

  private record Phrase(String text, Verdict verdict) {}

  /** What tells errors of code ERR apart. */
  private static final List<Phrase> OF_ERR =
      List.of(
          new Phrase("max number of clients reached", Verdict.RETRY),
          new Phrase("exceeds maximum allowed", Verdict.REJECT),
          new Phrase("is not an integer or out of range", Verdict.REJECT),
          new Phrase("hash value is not", Verdict.REJECT),
          new Phrase("is not a valid float", Verdict.REJECT),
          new Phrase("not a number (NaN)", Verdict.REJECT),
          // XADD with an ID of the record's own
          new Phrase("Invalid stream ID", Verdict.REJECT),
          new Phrase("ID specified in XADD", Verdict.REJECT),
          // the modules' own
          new Phrase("TSDB:", Verdict.REJECT),
          new Phrase("wrong Redis type", Verdict.REJECT),
          new Phrase("new objects must be created at the root", Verdict.REJECT),
          new Phrase("wrong static path", Verdict.REJECT),
          new Phrase("array index out of range", Verdict.REJECT),
          new Phrase("bad object type", Verdict.REJECT),
          new Phrase("recursion limit exceeded", Verdict.REJECT),
          new Phrase("Path '", Verdict.REJECT));

  /**
   * What Redis puts in front of an error that a script has met: {@code @user_script: 9: -OOM ...}
   * where the script hands it on (6.2), and {@code ERR Error running script ...: OOM ...} where it
   * does not.
   */
  private static final Pattern SCRIPT_PREFIX =
      Pattern.compile(
          "^(?:ERR Error running script.*?)?(?:@user_script: ?\\d+: ?)+-?(?=[A-Z]{3,}\\b)");

  /** {@code ERR unknown command `HSET`, with args beginning with: ...} quotes the record. */
  private static final Pattern QUOTED_ARGUMENTS = Pattern.compile(",? with args beginning with.*");

  private static final int LONGEST_QUOTE = 300;

  private ErrorTable() {}

  /**
   * What to do about an error reply.
   *
   * @param reply the text of the reply, without the {@code -} in front
   */
  public static Verdict verdict(String reply) {
    Verdict verdict = BY_CODE.get(code(reply));
    if (verdict != null) {
      return verdict;
    }
    return OF_ERR.stream()
        .filter(phrase -> reply.contains(phrase.text()))
        .map(Phrase::verdict)
        .findFirst()
        .orElse(Verdict.STOP);
  }

  /** The code that the reply begins with. */
  public static String code(String reply) {
    String error = SCRIPT_PREFIX.matcher(reply).replaceFirst("");
    int end = error.indexOf(' ');
    return end < 0 ? error : error.substring(0, end);
  }

  /** The server's own words without what they may quote of a record. */
  public static String words(String reply) {
    String error = SCRIPT_PREFIX.matcher(reply).replaceFirst("");
    String words = QUOTED_ARGUMENTS.matcher(error).replaceFirst("").replaceFirst("\\.$", "");
    return words.length() <= LONGEST_QUOTE ? words : words.substring(0, LONGEST_QUOTE) + "...";
  }

  /** What to do about an error that stops the task, or an empty text where its words say it. */
  public static String remedy(String reply) {
    return switch (code(reply)) {
      case "NOAUTH" -> "set redis.password (and redis.username, where the server has ACL users)";
      case "WRONGPASS" -> "check redis.username and redis.password, or those in redis.uri";
      case "NOPERM" ->
          "grant the user what the sink runs on its keys: +evalsha +script|load +hget +hmget +hset"
              + " +hdel +hkeys +del +pexpire +pexpireat +persist, the command of"
              + " redis.type, and the keys of redis.offsets.key";
      case "MOVED", "ASK" ->
          "the server is part of a Redis Cluster: set redis.cluster.enabled to true";
      case "DENIED" -> "the server is in protected mode: set a password or bind it as it says";
      default ->
          reply.contains("cluster support disabled")
              ? "set redis.cluster.enabled to false"
              : reply.contains("unknown command")
                  ? "use a server that has it (Redis 8 or Redis Stack for JSON and TIMESERIES,"
                      + " Redis 7.4 or Valkey 9 for HPEXPIRE), or another setting"
                  : "";
    };
  }
}
