package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;

/**
 * The names of the fields in which a hash carries its versions: one for each connector, topic and
 * partition that writes it, such as {@code __v:features:shop.orders-3}.
 *
 * <p>Each connector has its own, as two that write different fields of one hash from one topic do
 * not know of each other. A name longer than 64 bytes would cost a small hash its compact form
 * (redis.conf, {@code hash-max-listpack-value}); connector and topic are then shortened to the
 * first 16 digits of their SHA-1: {@code __v:2aae6c35c94fcfb4-3}.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
public final class VersionFields {
  /** What follows the prefix, which itself has none; the scripts tell version fields by it. */
  private static final String SEPARATOR = ":";

  private static final int LONGEST = 64;

  /** A task sees few partitions; the rest of a long life of rebalances need not be kept. */
  private static final int MAX_CACHED = 10_000;

  private final String prefix;
  private final String connector;
  private final Map<String, Map<Integer, byte[]>> names = new HashMap<>();
  private int count;

  /**
   * The names of one connector's fields.
   *
   * @param prefix what they begin with; must not contain {@code :}
   */
  public VersionFields(String prefix, String connector) {
    this.prefix = prefix;
    this.connector = connector;
  }

  /** The field of the connector's versions that are compared across topics and partitions. */
  byte[] ofConnector() {
    String name = prefix + SEPARATOR + connector;
    return (name.getBytes(UTF_8).length <= LONGEST
            ? name
            : prefix + SEPARATOR + Sha1.hex(connector).substring(0, 16))
        .getBytes(UTF_8);
  }

  /** The field of one partition's versions. */
  byte[] name(Position position) {
    byte[] name =
        names.computeIfAbsent(position.topic(), topic -> new HashMap<>()).get(position.partition());
    if (name == null) {
      if (++count > MAX_CACHED) {
        names.clear();
        count = 1;
      }
      name = make(position);
      names
          .computeIfAbsent(position.topic(), topic -> new HashMap<>())
          .put(position.partition(), name);
    }
    return name;
  }

  private byte[] make(Position position) {
    String source = connector + SEPARATOR + position.topic();
    byte[] name = join(source, position);
    return name.length <= LONGEST ? name : join(Sha1.hex(source).substring(0, 16), position);
  }

  private byte[] join(String source, Position position) {
    return (prefix + SEPARATOR + source + "-" + position.partition()).getBytes(UTF_8);
  }
}
