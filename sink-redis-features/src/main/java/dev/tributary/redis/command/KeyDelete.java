package dev.tributary.redis.command;

/** A hash goes. */
public final class KeyDelete implements HashChange {
  private final byte[] key;

  /** The deletion of a key. */
  public KeyDelete(byte[] key) {
    this.key = key;
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public HashChange then(HashChange next) {
    return next instanceof HashWrite write ? write.onEmptyHash() : next;
  }

  @Override
  public String toString() {
    return "KeyDelete";
  }
}
