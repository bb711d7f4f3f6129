package dev.tributary.common.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * Validators that say what is wrong and what would be right, and read well in a config reference.
 */
public final class Validators {
  private Validators() {}

  /** Anything but null and blank text. */
  public static ConfigDef.Validator notBlank() {
    return of(
        "not blank",
        (name, value) -> {
          if (value == null || value.toString().isBlank()) {
            throw new ConfigException(name, value, "must not be blank");
          }
        });
  }

  /** A duration as {@link Durations} reads it; null is left to the key's default. */
  public static ConfigDef.Validator duration() {
    return parsedBy("a duration such as 500ms, 30s, 5m, 1h or 7d", Durations::parse);
  }

  /** The name of one of an enum's constants in lower case, with {@code -} for {@code _}. */
  public static ConfigDef.Validator oneOf(Class<? extends Enum<?>> choices) {
    return oneOf(Arrays.stream(choices.getEnumConstants()).map(Validators::choice).toList());
  }

  /** One of some names, in upper or lower case; null, where a key has no value, passes. */
  public static ConfigDef.Validator oneOf(List<String> names) {
    return of(
        names.stream().collect(Collectors.joining(", ", "one of ", "")),
        (name, value) -> {
          if (value != null && names.stream().noneMatch(value.toString()::equalsIgnoreCase)) {
            throw new ConfigException(name, value, "must be one of " + String.join(", ", names));
          }
        });
  }

  /** The constant that {@link #oneOf} let pass. */
  public static <E extends Enum<E>> E constant(Class<E> choices, String value) {
    return Enum.valueOf(choices, value.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** How a config writes a constant: lower case, with {@code -} for {@code _}. */
  public static String choice(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Text that a parser reads. The parser's {@link IllegalArgumentException} becomes the error of
   * the key.
   *
   * @param description what the parser reads, for the config reference
   */
  public static ConfigDef.Validator parsedBy(String description, Consumer<String> parser) {
    return of(
        description,
        (name, value) -> {
          if (value == null) {
            return;
          }
          boolean secret = value instanceof Password;
          try {
            parser.accept(secret ? ((Password) value).value() : value.toString());
          } catch (IllegalArgumentException e) {
            if (secret) {
              throw new ConfigException(name, Password.HIDDEN, "must be " + description);
            }
            throw new ConfigException(name, value, e.getMessage());
          }
        });
  }

  /** A validator with a description that the config reference shows. */
  public static ConfigDef.Validator of(String description, ConfigDef.Validator validator) {
    return new ConfigDef.Validator() {
      @Override
      public void ensureValid(String name, Object value) {
        validator.ensureValid(name, value);
      }

      @Override
      public String toString() {
        return description;
      }
    };
  }
}
