package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The commands for changes of hashes: each change is atomic with its expiry and its version.
 *
 * <p>The version of a hash is in a field of the hash itself (see {@link VersionFields}). A record
 * at or before it changes nothing, also when a task of an older assignment sends it late. A deleted
 * hash keeps its version fields alone for a while, as otherwise a late older write would bring it
 * back.
 */
public final class HashCommands {
  /** Longer rows go through the script that sets them in portions. */
  private static final int MAX_PAIRS = 1_000;

  private final byte[] markerTtl;
  private final Map<String, Duration> fieldTtls;

  /**
   * Commands for one task.
   *
   * @param markerTtl how long a deleted hash keeps its version; zero not at all
   * @param fieldTtls how long single fields live after each write to them
   */
  public HashCommands(Duration markerTtl, Map<String, Duration> fieldTtls) {
    this.markerTtl = Words.of(markerTtl.toMillis());
    this.fieldTtls = Map.copyOf(fieldTtls);
  }

  /** What a server must be told once before it gets the commands, and again after NOSCRIPT. */
  public static List<Call> preparation() {
    return Scripts.loading();
  }

  /** Whether the change only sets fields, so that it can go with others in one call. */
  public boolean isPlainSet(HashChange change) {
    return change instanceof HashWrite write
        && !write.replace()
        && write.removed().isEmpty()
        && !write.pairs().isEmpty()
        && write.pairs().size() <= MAX_PAIRS
        && fieldTtls.isEmpty();
  }

  /**
   * One call for many plain sets of hashes in one slot.
   *
   * @param versions one for each write, all of one field
   * @return a call that is answered with 1 for each write, 0 where the hash has that version or a
   *     later one, or an error
   */
  public Call merge(int slot, List<HashWrite> writes, List<Version> versions) {
    int count = 4 + writes.size();
    for (HashWrite write : writes) {
      count += 3 + write.pairs().size();
    }
    List<byte[]> arguments = new ArrayList<>(count);
    arguments.add(Words.EVALSHA);
    arguments.add(Scripts.MERGE.sha1());
    arguments.add(Words.of(writes.size()));
    for (HashWrite write : writes) {
      arguments.add(write.key());
    }
    arguments.add(versions.get(0).field());
    for (int i = 0; i < writes.size(); i++) {
      HashWrite write = writes.get(i);
      arguments.add(Words.of(2 + write.pairs().size()));
      arguments.add(write.expiry().argument());
      arguments.add(versions.get(i).value());
      arguments.addAll(write.pairs());
    }
    return Call.onSlot(slot, arguments);
  }

  /** The call for any one change; it is answered as each of {@link #merge} is. */
  public Call single(int slot, HashChange change, Version version) {
    if (change instanceof HashWrite write) {
      return rewrite(slot, write, version);
    }
    return version.isPresent()
        ? script(
            slot,
            Scripts.DELETE,
            change.key(),
            List.of(version.field(), version.value(), markerTtl))
        : Call.onSlot(slot, List.of(Words.DEL, change.key()));
  }

  /** The command for a plain set where there is neither a version nor an expiry to set. */
  public static Call plain(int slot, HashWrite write) {
    List<byte[]> set = new ArrayList<>(2 + write.pairs().size());
    set.add(Words.HSET);
    set.add(write.key());
    set.addAll(write.pairs());
    return Call.onSlot(slot, set);
  }

  private Call rewrite(int slot, HashWrite write, Version version) {
    List<byte[]> expiring = new ArrayList<>();
    if (!fieldTtls.isEmpty()) {
      for (int i = 0; i < write.pairs().size(); i += 2) {
        byte[] name = write.pairs().get(i);
        Duration ttl = fieldTtls.get(new String(name, UTF_8));
        if (ttl != null) {
          expiring.add(Words.of(ttl.toMillis()));
          expiring.add(name);
        }
      }
    }
    List<byte[]> arguments = new ArrayList<>(8 + write.removed().size() + write.pairs().size());
    arguments.add(version.field());
    arguments.add(version.value());
    arguments.add(write.expiry().argument());
    arguments.add(write.replace() ? Words.ONE : Words.ZERO);
    arguments.add(Words.of(write.removed().size()));
    arguments.add(Words.of(expiring.size()));
    arguments.addAll(write.removed());
    arguments.addAll(expiring);
    arguments.addAll(write.pairs());
    return script(slot, Scripts.REWRITE, write.key(), arguments);
  }

  private static Call script(int slot, Scripts script, byte[] key, List<byte[]> more) {
    List<byte[]> arguments = new ArrayList<>(4 + more.size());
    arguments.add(Words.EVALSHA);
    arguments.add(script.sha1());
    arguments.add(Words.ONE);
    arguments.add(key);
    arguments.addAll(more);
    return Call.onSlot(slot, arguments);
  }
}
