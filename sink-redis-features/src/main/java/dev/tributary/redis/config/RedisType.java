package dev.tributary.redis.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Data types of Redis, by the names that redis-kafka-connect has for them. */
public enum RedisType {
  HASH("HSET", false, ""),
  STRING("SET", false, ""),
  STREAM("XADD", true, ""),
  JSON("JSONSET", false, "JSON.SET"),
  LIST("RPUSH", true, ""),
  SET("SADD", true, ""),
  ZSET("ZADD", true, ""),
  TIMESERIES("TSADD", true, "TS.ADD"),
  PUBSUB("PUBLISH", true, "");

  private final String command;
  private final boolean collection;
  private final String needed;

  RedisType(String command, boolean collection, String needed) {
    this.command = command;
    this.collection = collection;
    this.needed = needed;
  }

  /** Whether one key usually holds what many records write. */
  public boolean isCollection() {
    return collection;
  }

  /** The command of a module that a server must have; empty for none. */
  public String neededCommand() {
    return needed;
  }

  /** The type of a command, as {@code redis.command} names it. */
  static Optional<RedisType> ofCommand(String command) {
    return switch (command.trim().toUpperCase(Locale.ROOT)) {
      case "JSONMERGE" -> Optional.of(JSON);
      case "LPUSH" -> Optional.of(LIST);
      default ->
          Arrays.stream(values())
              .filter(type -> type.command.equalsIgnoreCase(command.trim()))
              .findFirst();
    };
  }
}
