package dev.tributary.common.event;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What happened to a row, with the code that the change event's {@code op} field carries. */
public enum Operation {
  CREATE("c"),
  READ("r"),
  UPDATE("u"),
  DELETE("d"),
  TRUNCATE("t"),
  MESSAGE("m");

  private final String code;

  Operation(String code) {
    this.code = code;
  }

  /** The one-letter code of the {@code op} field. */
  public String code() {
    return code;
  }

  /** The operation of a code, or empty if no operation has it. */
  public static Optional<Operation> ofCode(String code) {
    // a switch, as this runs once per record
    return switch (code) {
      case "c" -> Optional.of(CREATE);
      case "r" -> Optional.of(READ);
      case "u" -> Optional.of(UPDATE);
      case "d" -> Optional.of(DELETE);
      case "t" -> Optional.of(TRUNCATE);
      case "m" -> Optional.of(MESSAGE);
      default -> Optional.empty();
    };
  }

  /** All codes, for error messages: {@code c, r, u, d, t, m}. */
  public static String codes() {
    return Arrays.stream(values()).map(Operation::code).collect(Collectors.joining(", "));
  }
}
