package dev.tributary.clickhouse.embedded;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An error as ClickHouse reports it: a number, a name and a text. */
final class EngineException extends Exception {

  private static final long serialVersionUID = 1L;

  private static final Pattern CODE = Pattern.compile("Code: (\\d+)\\. DB::Exception: ");
  private static final Pattern NAME = Pattern.compile("\\. \\([A-Z0-9_]+\\)$");
  private static final Pattern VERSION = Pattern.compile(" \\(version [^()]*\\)$");
  // What only shows that a request's body went through a file, which is not the client's business.
  private static final Pattern FILE =
      Pattern.compile(
          "\\(in file/uri [^)]*\\): |: While executing File: data for INSERT was parsed from file");

  private final int code;

  private EngineException(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** An error of this server's own, in the engine's form. */
  static EngineException of(int code, String name, String text) {
    return new EngineException(
        code, "Code: %d. DB::Exception: %s. (%s)".formatted(code, text, name));
  }

  /** Reads the library's error text, which wraps the same error in itself now and then. */
  static EngineException parse(String text) {
    String message = text.strip();
    Matcher code = CODE.matcher(message);
    if (!code.lookingAt()) {
      return of(1001, "STD_EXCEPTION", message);
    }
    int number = Integer.parseInt(code.group(1));
    Matcher inner = CODE.matcher(message).region(code.end(), message.length());
    while (inner.lookingAt()) {
      message = message.substring(inner.regionStart());
      message = VERSION.matcher(NAME.matcher(message).replaceFirst("")).replaceFirst("");
      inner = CODE.matcher(message);
      inner.lookingAt();
      inner.region(inner.end(), message.length());
    }
    return new EngineException(number, FILE.matcher(message).replaceAll(""));
  }

  int code() {
    return code;
  }

  /** The error's whole text, as a server of this version sends it. */
  String text(String version) {
    return "%s (version %s (official build))\n".formatted(getMessage(), version);
  }

  /**
   * The HTTP status that goes with the code: src/Server/HTTP/exceptionCodeToHTTPStatus.cpp in
   * ClickHouse's sources, with the numbers of src/Common/ErrorCodes.cpp.
   */
  int httpStatus() {
    return switch (code) {
      case 194 -> 401;
      case 192, 193, 497, 512, 516 -> 403;
      case 6,
          8,
          15,
          25,
          26,
          27,
          36,
          37,
          38,
          41,
          44,
          53,
          62,
          72,
          117,
          123,
          167,
          168,
          223,
          321,
          376,
          427,
          441,
          675,
          676 ->
          400;
      case 46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511 -> 404;
      case 229 -> 413;
      case 381 -> 411;
      case 159 -> 408;
      case 48 -> 501;
      case 76, 209, 439 -> 503;
      default -> 500;
    };
  }
}
