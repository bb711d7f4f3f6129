package dev.tributary.redis.command;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fields of a hash are set and removed. */
public final class HashWrite implements HashChange {
  private final byte[] key;
  private final boolean replace;
  private final List<byte[]> pairs;
  private final List<byte[]> removed;
  private final Expiry expiry;

  /**
   * A write.
   *
   * @param key the Redis key
   * @param replace whether fields that are not set here go
   * @param pairs name, value, name, value and so on of the fields to set
   * @param removed names of fields to remove, none of which is set
   * @param expiry what becomes of the key's time to live
   */
  public HashWrite(
      byte[] key, boolean replace, List<byte[]> pairs, List<byte[]> removed, Expiry expiry) {
    this.key = key;
    this.replace = replace;
    this.pairs = pairs;
    this.removed = removed;
    this.expiry = expiry;
  }

  @Override
  public byte[] key() {
    return key;
  }

  /** Whether fields that are not set here go. */
  public boolean replace() {
    return replace;
  }

  /** Name, value, name, value and so on of the fields to set. */
  public List<byte[]> pairs() {
    return pairs;
  }

  /** Names of the fields to remove. */
  public List<byte[]> removed() {
    return removed;
  }

  /** What becomes of the key's time to live. */
  public Expiry expiry() {
    return expiry;
  }

  /** This write on a hash that was emptied before. */
  HashWrite onEmptyHash() {
    return new HashWrite(key, true, pairs, List.of(), expiry);
  }

  @Override
  public HashChange then(HashChange next) {
    if (!(next instanceof HashWrite write) || write.replace) {
      return next;
    }
    Map<ByteBuffer, Effect> effects = new LinkedHashMap<>();
    addTo(effects);
    write.addTo(effects);
    List<byte[]> set = new ArrayList<>(2 * effects.size());
    List<byte[]> gone = new ArrayList<>();
    for (Effect effect : effects.values()) {
      if (effect.value != null) {
        set.add(effect.name);
        set.add(effect.value);
      } else if (!replace) {
        gone.add(effect.name);
      }
    }
    return new HashWrite(key, replace, set, gone, write.expiry);
  }

  private void addTo(Map<ByteBuffer, Effect> effects) {
    for (int i = 0; i < pairs.size(); i += 2) {
      new Effect(pairs.get(i), pairs.get(i + 1)).addTo(effects);
    }
    for (byte[] name : removed) {
      new Effect(name, null).addTo(effects);
    }
  }

  /** What becomes of a field; a null value stands for its removal. */
  private static final class Effect {
    private final byte[] name;
    private final byte[] value;

    Effect(byte[] name, byte[] value) {
      this.name = name;
      this.value = value;
    }

    void addTo(Map<ByteBuffer, Effect> effects) {
      effects.put(ByteBuffer.wrap(name), this);
    }
  }

  @Override
  public String toString() {
    return "HashWrite of " + pairs.size() / 2 + " fields" + (replace ? ", replacing" : "");
  }
}
