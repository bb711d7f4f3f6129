package dev.tributary.postgres.config;

import dev.tributary.common.config.Validators;
import dev.tributary.postgres.types.TypeModes;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Which Connect types stand for the server's types where there is a choice. */
public final class TypeKeys {
  public static final String DECIMALS = "decimal.handling.mode";
  public static final String TIMES = "time.precision.mode";
  public static final String INTERVALS = "interval.handling.mode";
  public static final String BINARY = "binary.handling.mode";
  public static final String HSTORE = "hstore.handling.mode";
  public static final String MONEY_DIGITS = "money.fraction.digits";
  public static final String PLACEHOLDER = "unavailable.value.placeholder";
  public static final String UNKNOWN = "include.unknown.datatypes";

  private TypeKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Types")
        .choice(
            DECIMALS,
            "precise",
            List.of("precise", "string", "double"),
            "Decimals",
            "How numeric and money are written: precise as Connect's Decimal (or as unscaled value and scale where the column has no scale), string as text, double as float64, which may round. NaN and the infinities are NULL in precise.")
        .choice(
            TIMES,
            "adaptive",
            List.of(
                "adaptive",
                "adaptive_time_microseconds",
                "connect",
                "isostring",
                "microseconds",
                "nanoseconds",
                "structured"),
            "Times",
            "How date, time and timestamp are written: adaptive in milliseconds or microseconds, as the column's precision asks; adaptive_time_microseconds the same but times of day in microseconds; connect as Connect's own types, in milliseconds; isostring as ISO-8601 text; microseconds; nanoseconds; structured as a Struct of year, month, day and so on. Types with a time zone are text in all but structured.")
        .choice(
            INTERVALS,
            "numeric",
            List.of("numeric", "string"),
            "Intervals",
            "How interval is written: numeric in microseconds, where a month has 365.25 / 12 days, string as ISO-8601 text without loss.")
        .choice(
            BINARY,
            "bytes",
            List.of("bytes", "base64", "base64-url-safe", "hex"),
            "Binary",
            "How bytea is written: as bytes, or as text in an encoding.")
        .choice(
            HSTORE,
            "json",
            List.of("json", "map"),
            "hstore",
            "How hstore is written: as JSON text or as a map.")
        .key(
            MONEY_DIGITS,
            ConfigDef.Type.SHORT,
            (short) 2,
            ConfigDef.Range.between(0, 18),
            "Fraction digits of money",
            "Digits behind the point in money where decimal.handling.mode is precise; what has more is rounded half up.")
        .key(
            PLACEHOLDER,
            ConfigDef.Type.STRING,
            TypeModes.PLACEHOLDER,
            Validators.parsedBy(
                "text, or hexadecimal digits behind hex:", TypeModes::checkPlaceholder),
            "Unavailable value",
            "What is written for a large value that a change did not touch and the server therefore did not send; behind hex: the bytes in hexadecimal.")
        .flag(
            UNKNOWN,
            false,
            "Unknown types",
            "Whether columns of types that Debezium does not know are written as the bytes of their text. If not, they are written in a type of their own where there is one (composites, multiranges, arrays) and left out otherwise.");
  }

  static TypeModes read(AbstractConfig config) {
    return new TypeModes(
        mode(config, DECIMALS, TypeModes.Decimals.class),
        mode(config, TIMES, TypeModes.Times.class),
        mode(config, INTERVALS, TypeModes.Intervals.class),
        mode(config, BINARY, TypeModes.Binary.class),
        mode(config, HSTORE, TypeModes.Hstore.class),
        config.getShort(MONEY_DIGITS),
        config.getString(PLACEHOLDER),
        config.getBoolean(UNKNOWN));
  }

  private static <E extends Enum<E>> E mode(AbstractConfig config, String key, Class<E> modes) {
    return Validators.constant(modes, config.getString(key));
  }
}
