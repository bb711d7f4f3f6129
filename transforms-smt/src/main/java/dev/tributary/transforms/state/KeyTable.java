package dev.tributary.transforms.state;

import java.util.Arrays;

/**
 * Numbers keys: each held key has a small number, by which its state is found in arrays. Knows in
 * which order the keys had their last events.
 *
 * <p>An open-addressing hash table of ints over arrays, as a HashMap's entries would take more
 * memory than the state of a key with few events.
 */
public final class KeyTable {
  /** No number. */
  public static final int NONE = -1;

  private static final int FIRST_CAPACITY = 16;
  private static final int MIX = 0x9E3779B9;

  private Object[] keys = new Object[FIRST_CAPACITY];
  private int[] hashes = new int[FIRST_CAPACITY];
  private int[] older = new int[FIRST_CAPACITY];
  private int[] newer = new int[FIRST_CAPACITY];

  /** A key's number and 1, or 0. At most half of it is full. */
  private int[] slots = new int[2 * FIRST_CAPACITY];

  private int size;
  private int used;
  private int free = NONE;
  private int oldest = NONE;
  private int newest = NONE;

  /** How many keys are held. */
  public int size() {
    return size;
  }

  /** How many numbers there may be: the length that arrays of states need. */
  public int capacity() {
    return keys.length;
  }

  /** The key whose last event is the longest ago, or {@link #NONE}. */
  public int oldest() {
    return oldest;
  }

  /** The key that had its last event next after this one's, or {@link #NONE}. */
  public int newer(int number) {
    return newer[number];
  }

  /** The key of a number. */
  public Object key(int number) {
    return keys[number];
  }

  /** A key's number, or {@link #NONE} if it has none. */
  public int find(Object key) {
    int hash = hash(key);
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int number = slots[slot] - 1;
      if (hashes[number] == hash && keys[number].equals(key)) {
        return number;
      }
    }
    return NONE;
  }

  /** Gives a number to a key that has none; it is the newest. */
  public int add(Object key) {
    int number = free;
    if (number != NONE) {
      free = newer[number];
    } else {
      if (used == keys.length) {
        grow();
      }
      number = used++;
    }
    keys[number] = key;
    hashes[number] = hash(key);
    put(number);
    size++;
    append(number);
    return number;
  }

  /** The key has an event: it is the newest now. */
  public void touch(int number) {
    if (number != newest) {
      unlink(number);
      append(number);
    }
  }

  /** Takes a key out; its number will be another's. */
  public void remove(int number) {
    unlink(number);
    takeOut(number);
    keys[number] = null;
    newer[number] = free;
    free = number;
    size--;
  }

  /** About how much memory the table takes, without keys. */
  public long bytes() {
    return 6 * 16 + 16L * keys.length + 4L * slots.length;
  }

  private void append(int number) {
    older[number] = newest;
    newer[number] = NONE;
    if (newest == NONE) {
      oldest = number;
    } else {
      newer[newest] = number;
    }
    newest = number;
  }

  private void unlink(int number) {
    int before = older[number];
    int after = newer[number];
    if (before == NONE) {
      oldest = after;
    } else {
      newer[before] = after;
    }
    if (after == NONE) {
      newest = before;
    } else {
      older[after] = before;
    }
  }

  private void put(int number) {
    int mask = slots.length - 1;
    int slot = hashes[number] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = number + 1;
  }

  /** Those behind it move up, so that no search ends early. */
  private void takeOut(int number) {
    int mask = slots.length - 1;
    int hole = hashes[number] & mask;
    while (slots[hole] != number + 1) {
      hole = (hole + 1) & mask;
    }
    for (int slot = (hole + 1) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int home = hashes[slots[slot] - 1] & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        slots[hole] = slots[slot];
        hole = slot;
      }
    }
    slots[hole] = 0;
  }

  private void grow() {
    int capacity = keys.length + (keys.length >> 1);
    keys = Arrays.copyOf(keys, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    older = Arrays.copyOf(older, capacity);
    newer = Arrays.copyOf(newer, capacity);
    if (slots.length < 2 * capacity) {
      slots = new int[2 * slots.length];
      for (int number = 0; number < used; number++) {
        put(number);
      }
    }
  }

  private static int hash(Object key) {
    int hash = key.hashCode() * MIX;
    return hash ^ (hash >>> 16);
  }
}
