package dev.tributary.redis.command;

/** The key goes. */
public final class KeyDelete implements KeyChange {
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
  public KeyChange then(KeyChange next) {
    return next instanceof HashWrite write ? write.onEmptyHash() : next;
  }

  @Override
  public String toString() {
    return "KeyDelete";
  }
}
