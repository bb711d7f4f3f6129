package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The commands for changes of hashes: one command for each change, atomic with its TTL and its
 * version.
 *
 * <p>The version of a hash is the offset of the last record written to it, one for each connector,
 * topic and partition, in a field of the hash itself (see {@link VersionFields}). A record at or
 * before it changes nothing, also when a task of an older assignment sends it late. A deleted hash
 * keeps its version fields alone for a while, as otherwise a late older write would bring it back.
 *
 * <p>Without versions (see {@link #unversioned}) a repeated record is applied again.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
public final class HashCommands {
  private static final byte[] EVALSHA = ascii("EVALSHA");
  private static final byte[] HSET = ascii("HSET");
  private static final byte[] DEL = ascii("DEL");
  private static final byte[] ZERO = ascii("0");
  private static final byte[] ONE = ascii("1");
  private static final byte[] EMPTY = new byte[0];

  private static final Map<HashScripts, byte[]> SHA1 = sha1();

  private final Optional<VersionFields> versionFields;
  private final byte[] ttl;
  private final byte[] markerTtl;

  private HashCommands(Optional<VersionFields> versionFields, Duration ttl, Duration markerTtl) {
    this.versionFields = versionFields;
    this.ttl = ascii(Long.toString(ttl.toMillis()));
    this.markerTtl = ascii(Long.toString(markerTtl.toMillis()));
  }

  /**
   * Commands that compare versions.
   *
   * @param versionField what the names of version fields begin with; must not contain {@code :}
   * @param connector the name of the connector whose versions these are
   * @param ttl how long a hash lives after each write; zero for ever
   * @param markerTtl how long a deleted hash keeps its version; zero not at all
   */
  public static HashCommands versioned(
      String versionField, String connector, Duration ttl, Duration markerTtl) {
    return new HashCommands(
        Optional.of(new VersionFields(versionField, connector)), ttl, markerTtl);
  }

  /** Commands that write whatever comes. */
  public static HashCommands unversioned(Duration ttl) {
    return new HashCommands(Optional.empty(), ttl, Duration.ZERO);
  }

  /** What a server must be told once before it gets the commands, and again after NOSCRIPT. */
  public List<Call> preparation() {
    return Arrays.stream(HashScripts.values())
        .map(script -> Call.onServer("SCRIPT", "LOAD", script.body()))
        .toList();
  }

  /** The command that makes a change. */
  public Call of(KeyChange change, Position position) {
    if (change instanceof HashWrite write) {
      return versionFields.isPresent() ? versioned(write, position) : unversioned(write);
    }
    return versionFields.isPresent()
        ? script(HashScripts.DELETE, change.key(), version(position), List.of(markerTtl))
        : Call.onKey(change.key(), List.of(DEL, change.key()));
  }

  /** What a reply that is no error says. */
  public Outcome outcome(Object reply) {
    return versionFields.isPresent() && Long.valueOf(0).equals(reply)
        ? Outcome.SKIPPED_AS_OLD
        : Outcome.WRITTEN;
  }

  private Call versioned(HashWrite write, Position position) {
    if (write.replace() || !write.removed().isEmpty()) {
      return rewrite(write, version(position));
    }
    return script(HashScripts.MERGE, write.key(), version(position), write.pairs(), ttl);
  }

  private Call unversioned(HashWrite write) {
    if (Arrays.equals(ttl, ZERO) && !write.replace() && write.removed().isEmpty()) {
      List<byte[]> arguments = new ArrayList<>(2 + write.pairs().size());
      arguments.add(HSET);
      arguments.add(write.key());
      arguments.addAll(write.pairs());
      // a row without a field to write is no change, and HSET without a field an error
      if (!write.pairs().isEmpty()) {
        return Call.onKey(write.key(), arguments);
      }
    }
    return rewrite(write, List.of(EMPTY, ZERO));
  }

  private Call rewrite(HashWrite write, List<byte[]> version) {
    List<byte[]> arguments = new ArrayList<>(3 + write.removed().size() + write.pairs().size());
    arguments.add(ttl);
    arguments.add(write.replace() ? ONE : ZERO);
    arguments.add(ascii(Integer.toString(write.removed().size())));
    arguments.addAll(write.removed());
    arguments.addAll(write.pairs());
    return script(HashScripts.REWRITE, write.key(), version, arguments);
  }

  private static Call script(
      HashScripts script, byte[] key, List<byte[]> version, List<byte[]> more, byte[]... last) {
    List<byte[]> arguments = new ArrayList<>(6 + more.size() + last.length);
    arguments.add(EVALSHA);
    arguments.add(SHA1.get(script));
    arguments.add(ONE);
    arguments.add(key);
    arguments.addAll(version);
    arguments.addAll(more);
    arguments.addAll(Arrays.asList(last));
    return Call.onKey(key, arguments);
  }

  private List<byte[]> version(Position position) {
    return List.of(
        versionFields.orElseThrow().name(position), ascii(Long.toString(position.offset())));
  }

  private static Map<HashScripts, byte[]> sha1() {
    Map<HashScripts, byte[]> sha1 = new EnumMap<>(HashScripts.class);
    for (HashScripts script : HashScripts.values()) {
      sha1.put(script, ascii(script.sha1()));
    }
    return sha1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
