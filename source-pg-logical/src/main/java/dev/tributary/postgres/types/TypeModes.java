package dev.tributary.postgres.types;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Which Connect types stand for the server's types where there is a choice; the choices are
 * Debezium's.
 *
 * @param moneyDigits behind the point in {@code money}; more are rounded half up
 * @param placeholder what is written in place of a TOASTed value that a change did not touch
 * @param unknown whether columns of types that are not known are written, as the bytes of their
 *     text
 */
public record TypeModes(
    Decimals decimals,
    Times times,
    Intervals intervals,
    Binary binary,
    Hstore hstore,
    int moneyDigits,
    String placeholder,
    boolean unknown) {
  /** Debezium's placeholder. */
  public static final String PLACEHOLDER = "__debezium_unavailable_value";

  private static final String HEX_PREFIX = "hex:";

  /** Exact, without loss, and as Debezium's defaults have it. */
  public static final TypeModes DEFAULT =
      new TypeModes(
          Decimals.PRECISE,
          Times.ADAPTIVE,
          Intervals.NUMERIC,
          Binary.BYTES,
          Hstore.JSON,
          2,
          PLACEHOLDER,
          false);

  /** How {@code numeric} and {@code money} are written. */
  public enum Decimals {
    PRECISE,
    STRING,
    DOUBLE
  }

  /** How dates, times and timestamps are written. */
  public enum Times {
    /** In milliseconds or microseconds, as the column's precision asks. */
    ADAPTIVE,
    /** As {@link #ADAPTIVE}, but times of day are in microseconds. */
    ADAPTIVE_TIME_MICROSECONDS,
    /** As Connect's own Date, Time and Timestamp, in milliseconds. */
    CONNECT,
    /** As ISO-8601 text. */
    ISOSTRING,
    MICROSECONDS,
    NANOSECONDS,
    /** As Structs of year, month, day and so on. */
    STRUCTURED
  }

  /** How {@code interval} is written. */
  public enum Intervals {
    /** In microseconds, with months of average length. */
    NUMERIC,
    /** As ISO-8601 text. */
    STRING
  }

  /** How {@code bytea} is written. */
  public enum Binary {
    BYTES,
    BASE64,
    BASE64_URL_SAFE,
    HEX
  }

  /** How {@code hstore} is written. */
  public enum Hstore {
    JSON,
    MAP
  }

  /**
   * Refuses a placeholder with {@code hex:} in front of something else.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static void checkPlaceholder(String placeholder) {
    bytes(placeholder);
  }

  /** The placeholder in columns of bytes; {@code hex:} in front means that it is written so. */
  byte[] placeholderBytes() {
    return bytes(placeholder);
  }

  private static byte[] bytes(String placeholder) {
    if (placeholder.regionMatches(true, 0, HEX_PREFIX, 0, HEX_PREFIX.length())) {
      return HexFormat.of().parseHex(placeholder.substring(HEX_PREFIX.length()));
    }
    return placeholder.getBytes(StandardCharsets.UTF_8);
  }

  /** The placeholder in columns of text. */
  String placeholderText() {
    return new String(placeholderBytes(), StandardCharsets.UTF_8);
  }
}
